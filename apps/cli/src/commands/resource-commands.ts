import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import type { CommandLine, CommandText } from '../command-line.js';
import { InstanceClient, type NamedKind, type Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addForce, addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { limitOption } from './option-values.js';

export interface InstanceOptions extends ConnectionOptions {
  readonly instance?: string;
}

/** A kind of resource that the notification API has lists of. */
export interface ResourceKind {
  readonly plural: NamedKind;
  readonly singular: string;
  /** The name of one, for examples. */
  readonly example: string;
  readonly columns: readonly Column<Resource>[];
  /** How `show` prints it; as the API answers it without this. */
  readonly shown?: (whole: Resource) => Resource;
  /** What else is deleted with one, or is changed by that. @param whole as `show` gives it */
  readonly goesWith?: (whole: Resource) => readonly string[];
}

/** A column that shows a member. */
export function member(name: string, title = name.toUpperCase().replaceAll('_', ' ')): Column<Resource> {
  return { title, cell: (row) => textOf(row[name]) };
}

/** The id, for a terminal that has room for it: a name does as well. */
export const ID_COLUMN: Column<Resource> = { ...member('id'), optional: true };

/** A command that calls one instance of the notification API. */
export function instanceCommand(line: CommandLine, name: string, text: CommandText): Command {
  return line
    .serverCommand(name, text)
    .option('--instance <instance>', 'name or id of the instance; the default one without it');
}

/** Opens the instance that the options name. */
export function openInstance(line: CommandLine, options: InstanceOptions): Promise<InstanceClient> {
  return InstanceClient.open(line.connect(options), options.instance);
}

/** `list` of a kind. */
export function resourceListCommand(line: CommandLine, { plural, columns }: ResourceKind): Command {
  const command = instanceCommand(line, 'list', {
    summary: `List ${plural}`,
    examples: [`tidings ${plural}`, `tidings ${plural} list --json | jq -r '.[].id'`],
  });
  return addListFormat(command)
    .option('--search <text>', 'only those with this text in their name')
    .addOption(limitOption())
    .action(
      async (options: InstanceOptions & ListFormatOptions & { readonly search?: string; readonly limit: number }) => {
        const { search, limit, format, wide } = options;
        const instance = await openInstance(line, options);
        const count = await printList(instance.pages(plural, { search }, limit), format, line.out, { columns, wide });
        if (count > 0 || format !== 'table') return;
        await line.err.line(search === undefined ? `There are no ${plural}.` : `No name of ${plural} has that text.`);
      },
    );
}

/** `show` of a kind. */
export function resourceShowCommand(line: CommandLine, { plural, singular, example, shown }: ResourceKind): Command {
  const command = instanceCommand(line, 'show', {
    summary: `Show one ${singular}`,
    examples: [`tidings ${plural} show ${example}`],
  });
  return addRecordFormat(command)
    .argument(`<${singular}>`, 'name or id')
    .action(async (name: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', [plural, await instance.idOf(plural, name)]);
      const whole = answer.json<Resource>();
      await printRecord(shown?.(whole) ?? whole, options.format, line.out);
    });
}

/** `delete` of a kind. */
export function resourceDeleteCommand(
  line: CommandLine,
  { plural, singular, example, goesWith }: ResourceKind,
): Command {
  const command = instanceCommand(line, 'delete', {
    summary: `Delete a ${singular}`,
    details: 'It first says what else would go, and asks.',
    examples: [`tidings ${plural} delete ${example} --force`],
  });
  return addForce(command)
    .argument(`<${singular}>`, 'name or id')
    .action(async (name: string, options: InstanceOptions & { readonly force?: boolean }) => {
      const instance = await openInstance(line, options);
      const found = await instance.find(plural, name);
      const id = textOf(found['id']);
      const whole = goesWith && (await instance.request('GET', [plural, id])).json<Resource>();
      const more = whole === undefined ? [] : (goesWith?.(whole) ?? []);
      const called = `${singular} ${textOf(found['name'])}`;
      await line.confirmDeletion([`the ${called}`, ...more].join(', '), options.force);
      await instance.request('DELETE', [plural, id]);
      await line.changed(id, `Deleted the ${[called, ...more].join(', ')}.`);
    });
}

/** "and its 2 subscriptions: a, b", to be said before they go. */
export function withSubscriptions(names: readonly unknown[]): readonly string[] {
  if (names.length === 0) return [];
  const noun = names.length === 1 ? 'subscription' : `${names.length} subscriptions`;
  return [`and with it the ${noun} ${names.map(textOf).join(', ')}`];
}
