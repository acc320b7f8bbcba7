import { Option, type Command } from 'commander';
import { LIST_FORMATS } from '../output/list-formats.js';
import { RECORD_FORMATS } from '../output/record-formats.js';

/** `--format` of a list, and `--json`. @param more formats of this list alone */
export function addListFormat(command: Command, more: readonly string[] = []): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', 'how it is printed').choices([...LIST_FORMATS, ...more]).default('table'),
    )
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));
}

/** `--format` of one thing, and `--json`. */
export function addRecordFormat(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'how it is printed').choices(RECORD_FORMATS).default('yaml'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }));
}
