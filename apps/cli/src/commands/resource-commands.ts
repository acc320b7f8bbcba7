import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine } from '../command-line.js';
import { InstanceClient, type NamedKind, type Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat } from './format-options.js';
import { entryLimit } from './option-values.js';

export interface InstanceOptions extends ConnectionOptions {
  readonly instance?: string;
}

/** A kind of thing that the notification API has lists of. */
export interface ResourceKind {
  readonly plural: NamedKind;
  readonly singular: string;
  /** An example's name of one. */
  readonly example: string;
  readonly columns: readonly Column<Resource>[];
}

/** A column that shows a member. */
export function member(name: string, title = name.toUpperCase().replaceAll('_', ' '), whole = false): Column<Resource> {
  return { title, cell: (row) => textOf(row[name]), whole };
}

/** A command that speaks to one instance of the notification API. */
export function instanceCommand(line: CommandLine, name: string, text: Parameters<CommandLine['command']>[1]): Command {
  return line
    .serverCommand(name, text)
    .option('--instance <name>', 'which instance, by name or id; the default one without it');
}

/** Opens the instance that the options name. */
export function openInstance(line: CommandLine, options: InstanceOptions): Promise<InstanceClient> {
  return InstanceClient.open(line.connect(options), options.instance);
}

/** `list` of a kind. */
export function resourceListCommand(line: CommandLine, { plural, columns }: ResourceKind): Command {
  const command = instanceCommand(line, 'list', {
    summary: `List the ${plural}`,
    examples: [`tidings ${plural}`, `tidings ${plural} list --json | jq -r .[].id`],
  });
  return addListFormat(command)
    .option('--search <text>', 'only those with this text in their name')
    .option('-n, --limit <count>', 'how many at the most, or all', entryLimit, Infinity)
    .action(
      async (
        options: InstanceOptions & { readonly format: ListFormat; readonly search?: string; readonly limit: number },
      ) => {
        const instance = await openInstance(line, options);
        const pages = instance.pages(plural, { search: options.search }, options.limit);
        const count = await printList(pages, options.format, line.out, { columns });
        if (count === 0 && options.format === 'table') await line.err.line(`There are no ${plural}.`);
      },
    );
}

/** `show` of a kind. */
export function resourceShowCommand(line: CommandLine, { plural, singular, example }: ResourceKind): Command {
  const command = instanceCommand(line, 'show', {
    summary: `Show one ${singular}, whole`,
    examples: [`tidings ${plural} show ${example}`],
  });
  return addRecordFormat(command)
    .argument('<name>', 'its name or its id')
    .action(async (name: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', [plural, await instance.idOf(plural, name)]);
      await printRecord(answer.json(), options.format, line.out);
    });
}

/** `delete` of a kind. */
export function resourceDeleteCommand(line: CommandLine, { plural, singular, example }: ResourceKind): Command {
  return instanceCommand(line, 'delete', {
    summary: `Delete a ${singular}`,
    examples: [`tidings ${plural} delete ${example}`],
  })
    .argument('<name>', 'its name or its id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf(plural, name);
      await instance.request('DELETE', [plural, id]);
      await line.out.line(id);
    });
}
