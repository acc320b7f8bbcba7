import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import type { InstanceClient, Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { printChanged } from './changed-resource.js';
import { listed } from './option-values.js';
import {
  ID_COLUMN,
  instanceCommand,
  member,
  openInstance,
  resourceDeleteCommand,
  resourceListCommand,
  resourceShowCommand,
  withSubscriptions,
  type InstanceOptions,
  type ResourceKind,
} from './resource-commands.js';

const TOPICS: ResourceKind = {
  plural: 'topics',
  singular: 'topic',
  example: 'failures',
  columns: [
    member('name'),
    {
      title: 'SOURCES',
      cell: ({ sources_names: names }) => (Array.isArray(names) ? names.map(textOf).join(', ') : ''),
    },
    member('subscription_count', 'SUBSCRIPTIONS'),
    ID_COLUMN,
  ],
  goesWith: ({ subscriptions }) =>
    withSubscriptions(Array.isArray(subscriptions) ? subscriptions.map((one: Resource) => one['name']) : []),
};

/** `tidings topics`: which events are selected. */
export function topicsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, TOPICS);
  const own = [createCommand(line), updateCommand(line)];
  return line.group(
    'topics',
    {
      summary: 'List and manage topics: which events of which sources',
      examples: [
        'tidings topics',
        'tidings topics create failures --source waldur --type-filter \'$.type =~ "_failed$"\'',
        'tidings topics show failures',
      ],
    },
    [list, resourceShowCommand(line, TOPICS), ...own, resourceDeleteCommand(line, TOPICS)],
    list,
  );
}

interface RuleOptions {
  readonly source?: readonly string[];
  readonly typeFilter?: string;
  readonly filter?: string;
}

interface TopicOptions extends InstanceOptions, RuleOptions {
  readonly description?: string;
  readonly json?: boolean;
}

function addTopicOptions(command: Command): Command {
  return command
    .option('--source <sources>', 'names or ids of sources; may be repeated', listed)
    .option('--type-filter <filter>', 'a filter on the event type')
    .option('--filter <filter>', 'a filter on the rest of the event')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; without this, its id');
}

function createCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'create', {
    summary: 'Create a topic',
    details: 'Without a filter it selects all events of its sources. The language of filters: docs/RULES.md.',
    examples: [
      'tidings topics create "all of LXD" --source lxd',
      'tidings topics create "rack 1" --source lxd --type-filter \'$.type =~ "instance-"\' \\\n    --filter \'$.source == "/lxd/rack1"\'',
    ],
  });
  return addTopicOptions(command)
    .argument('<name>', 'its name')
    .action(async (name: string, options: TopicOptions) => {
      if (options.source === undefined) {
        throw new CommandFailure('usage', '--source: is missing: a topic without a source selects no event', [
          '`tidings sources` lists the sources.',
        ]);
      }
      const instance = await openInstance(line, options);
      const { description, json } = options;
      const sources = await sourcesOf(instance, options.source, options);
      const body = { name, ...(description !== undefined && { description }), sources };
      await printChanged(line, await instance.send('POST', ['topics'], body), `Created the topic ${name}`, json);
    });
}

function updateCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'update', {
    summary: 'Change a topic',
    details:
      'What is not named stays as it is. --source replaces all sources, a filter replaces all rules of the sources.',
    examples: ['tidings topics update failures --source waldur,cds --filter \'$.type =~ "[Ff]ail"\''],
  });
  return addTopicOptions(command)
    .argument('<topic>', 'name or id')
    .option('--name <name>', 'its new name')
    .action(async (topic: string, options: TopicOptions & { readonly name?: string }) => {
      const { name, description, source, json } = options;
      const instance = await openInstance(line, options);
      const id = await instance.idOf('topics', topic);
      const isRuled = (options.typeFilter ?? options.filter) !== undefined;
      const sources =
        source === undefined && isRuled
          ? await ruledSources(instance, id, options)
          : source && (await sourcesOf(instance, source, options));
      const body = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(sources !== undefined && { sources }),
      };
      if (Object.keys(body).length === 0) throw new CommandFailure('usage', 'Nothing to change: name an option');
      await printChanged(line, await instance.send('PUT', ['topics', id], body), `Changed the topic ${topic}`, json);
    });
}

async function sourcesOf(instance: InstanceClient, names: readonly string[], rules: RuleOptions): Promise<object[]> {
  const sources: object[] = [];
  for (const one of names) sources.push({ id: await instance.idOf('sources', one), rules: rulesOf(rules) });
  return sources;
}

/** The sources that a topic has, with other rules. */
async function ruledSources(instance: InstanceClient, topicId: string, rules: RuleOptions): Promise<object[]> {
  const topic = (await instance.request('GET', ['topics', topicId])).json<{ readonly sources: readonly Resource[] }>();
  return topic.sources.map(({ id }) => ({ id, rules: rulesOf(rules) }));
}

function rulesOf({ typeFilter, filter }: RuleOptions): object[] {
  const rule = {
    ...(typeFilter !== undefined && { event_type_filter: typeFilter }),
    ...(filter !== undefined && { notification_filter: filter }),
  };
  return Object.keys(rule).length === 0 ? [] : [rule];
}
