import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import type { Resource } from '../notifications/instance-client.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat } from './format-options.js';
import { wholeNumber } from './option-values.js';
import {
  ID_COLUMN,
  instanceCommand,
  member,
  openInstance,
  resourceListCommand,
  resourceShowCommand,
  type InstanceOptions,
  type ResourceKind,
} from './resource-commands.js';

const SOURCES: ResourceKind = {
  plural: 'sources',
  singular: 'source',
  example: 'lxd',
  columns: [
    member('name'),
    { title: 'ENABLED', cell: ({ enabled }) => (enabled === true ? 'yes' : 'no') },
    member('topic_count', 'TOPICS'),
    member('type'),
    ID_COLUMN,
  ],
};

/** `tidings sources`: the systems whose events topics may select. */
export function sourcesCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, SOURCES);
  return line.group(
    'sources',
    {
      summary: 'List, enable and disable sources of notifications',
      examples: ['tidings sources', 'tidings sources enable lxd', 'tidings sources disable "IBM Cloud"'],
    },
    [
      list,
      resourceShowCommand(line, SOURCES),
      metricsCommand(line),
      switchCommand(line, true),
      switchCommand(line, false),
    ],
    list,
  );
}

const METRICS: readonly Column<Resource>[] = [
  member('received'),
  member('matched'),
  member('suppressed'),
  member('deliveries'),
  member('last_event_at', 'LAST EVENT'),
  { ...ID_COLUMN, cell: ({ source_id: id }) => textOf(id) },
];

function metricsCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'metrics', {
    summary: 'Say how many events came from each source, and what became of them',
    examples: ['tidings sources metrics', 'tidings sources metrics --hours 1 --json'],
  });
  return addListFormat(command)
    .option('--hours <count>', 'of the last so many hours', wholeNumber(1), 24)
    .action(async (options: InstanceOptions & { readonly format: ListFormat; readonly hours: number }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', ['sources', 'metrics'], { query: { hours: String(options.hours) } });
      const { sources } = answer.json<{ readonly sources: readonly Resource[] }>();
      await printList([sources], options.format, line.out, { columns: METRICS });
    });
}

function switchCommand(line: CommandLine, enabled: boolean): Command {
  const verb = enabled ? 'enable' : 'disable';
  return instanceCommand(line, verb, {
    summary: enabled
      ? 'Send notifications for the events of a source'
      : 'Send no notifications for the events of a source',
    examples: [`tidings sources ${verb} lxd`],
  })
    .argument('<source>', 'name, id, or the last part of the id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const source = await instance.find('sources', name);
      const id = textOf(source['id']);
      await instance.send('PATCH', ['sources', id], { enabled });
      await line.changed(id, `${textOf(source['name'])} is ${verb}d.`);
    });
}
