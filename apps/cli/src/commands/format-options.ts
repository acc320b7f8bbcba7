import { Option, type Command } from 'commander';
import { LIST_FORMATS, type ListFormat } from '../output/list-formats.js';
import { RECORD_FORMATS } from '../output/record-formats.js';

/** What {@link addListFormat} read. */
export interface ListFormatOptions {
  readonly format: ListFormat;
  readonly wide?: boolean;
}

/** `--format` of a list, `--json` and `--wide`. @param more formats of this list alone */
export function addListFormat(command: Command, more: readonly string[] = []): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', 'output format').choices([...LIST_FORMATS, ...more]).default('table'),
    )
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('--wide', 'the whole table, however narrow the terminal');
}

/** `--format` of one thing, and `--json`. */
export function addRecordFormat(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'output format').choices(RECORD_FORMATS).default('yaml'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));
}

/** `--force` of a command that asks first. */
export function addForce(command: Command): Command {
  return command.option('--force', 'do not ask; needed where there is no terminal');
}
