import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { listed } from './option-values.js';
import { printCreated } from './created-resource.js';
import {
  instanceCommand,
  member,
  openInstance,
  resourceDeleteCommand,
  resourceListCommand,
  resourceShowCommand,
  type InstanceOptions,
  type ResourceKind,
} from './resource-commands.js';

const TOPICS: ResourceKind = {
  plural: 'topics',
  singular: 'topic',
  example: '"instances of rack 1"',
  columns: [
    member('name'),
    {
      title: 'SOURCES',
      cell: ({ sources_names: names }) => (Array.isArray(names) ? names.map(textOf).join(', ') : ''),
    },
    member('subscription_count', 'SUBSCRIPTIONS'),
    member('id', 'ID', true),
  ],
};

/** `tidings topics`: which events are meant. */
export function topicsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, TOPICS);
  return line.group(
    'topics',
    {
      summary: 'Say which events people are told of',
      examples: [
        'tidings topics',
        'tidings topics create failures --source waldur --filter \'$.type =~ "_failed$"\'',
        'tidings topics show failures',
      ],
    },
    [list, resourceShowCommand(line, TOPICS), createCommand(line), resourceDeleteCommand(line, TOPICS)],
    list,
  );
}

interface CreateOptions extends InstanceOptions {
  readonly source?: readonly string[];
  readonly typeFilter?: string;
  readonly filter?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function createCommand(line: CommandLine): Command {
  return instanceCommand(line, 'create', {
    summary: 'Make a topic',
    details: 'Filters are in the language of docs/RULES.md; without one, all that the sources send is meant.',
    examples: [
      'tidings topics create "all of LXD" --source lxd',
      'tidings topics create "rack 1" --source lxd --type-filter \'$.type =~ "lifecycle.instance-"\' --filter \'$.source == "/lxd/rack1"\'',
    ],
  })
    .argument('<name>', 'what it is called')
    .option('--source <names>', 'whose events: names or ids of sources', listed)
    .option('--type-filter <filter>', 'a filter for the type')
    .option('--filter <filter>', 'a filter for the rest of the event')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; its id without this')
    .action(async (name: string, options: CreateOptions) => {
      const { typeFilter, filter, description, source: names = [] } = options;
      if (names.length === 0 && (typeFilter ?? filter) !== undefined) {
        throw new CommandFailure('usage', 'A filter needs --source: it is for what a source sends');
      }
      const instance = await openInstance(line, options);
      const rule = {
        ...(typeFilter !== undefined && { event_type_filter: typeFilter }),
        ...(filter !== undefined && { notification_filter: filter }),
      };
      const rules = Object.keys(rule).length === 0 ? [] : [rule];
      const sources: object[] = [];
      for (const one of names) sources.push({ id: await instance.idOf('sources', one), rules });
      const body = { name, ...(description !== undefined && { description }), sources };
      await printCreated(line, await instance.send('POST', ['topics'], body), options.json);
    });
}
