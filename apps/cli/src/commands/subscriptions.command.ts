import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { printCreated } from './created-resource.js';
import { jsonText } from './option-values.js';
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

const SUBSCRIPTIONS: ResourceKind = {
  plural: 'subscriptions',
  singular: 'subscription',
  example: '"tell on-call"',
  columns: [
    member('name'),
    member('topic_name', 'TOPIC'),
    member('destination_name', 'DESTINATION'),
    member('destination_type', 'TYPE'),
    member('id', 'ID', true),
  ],
};

/** `tidings subscriptions`: who is told of what. */
export function subscriptionsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, SUBSCRIPTIONS);
  const own = [createCommand(line), replayCommand(line)];
  return line.group(
    'subscriptions',
    {
      summary: 'Say which destination is told of which topic',
      examples: [
        'tidings subscriptions',
        'tidings subscriptions create "tell on-call" --topic failures --destination on-call',
        'tidings subscriptions replay "tell on-call" --since 1d',
      ],
    },
    [list, resourceShowCommand(line, SUBSCRIPTIONS), ...own, resourceDeleteCommand(line, SUBSCRIPTIONS)],
    list,
  );
}

interface CreateOptions extends InstanceOptions {
  readonly topic: string;
  readonly destination: string;
  readonly attributes?: string;
  readonly filter?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function createCommand(line: CommandLine): Command {
  return instanceCommand(line, 'create', {
    summary: 'Make a subscription',
    examples: ['tidings subscriptions create "tell on-call" --topic failures --destination on-call'],
  })
    .argument('<name>', 'what it is called')
    .requiredOption('--topic <name>', 'of which events: name or id of a topic')
    .requiredOption('--destination <name>', 'where to: name or id of a destination')
    .option(
      '--attributes <json>',
      'what the type of the destination wants to know: {"signing_enabled": true}',
      jsonText,
    )
    .option('--filter <filter>', 'a filter besides those of the topic')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; its id without this')
    .action(async (name: string, options: CreateOptions) => {
      const { topic, destination, attributes, filter, description } = options;
      const instance = await openInstance(line, options);
      const body = {
        name,
        topic_id: await instance.idOf('topics', topic),
        destination_id: await instance.idOf('destinations', destination),
        ...(description !== undefined && { description }),
        ...(filter !== undefined && { filter }),
        ...(attributes !== undefined && { attributes: JSON.parse(attributes) as unknown }),
      };
      await printCreated(line, await instance.send('POST', ['subscriptions'], body), options.json);
    });
}

function replayCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'replay', {
    summary: 'Send stored events to a subscription again',
    examples: [
      'tidings subscriptions replay "tell on-call" --since 1d',
      'tidings subscriptions replay "tell on-call" --type instance-created --since 2026-11-02',
    ],
  });
  return addFilterOptions(command, false)
    .argument('<name>', 'its name or its id')
    .option('--json', 'print all of it; the id of the replay without this')
    .action(async (name: string, options: InstanceOptions & FilterOptions & { readonly json?: boolean }) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('subscriptions', name);
      const answer = await instance.send('POST', ['subscriptions', id, 'replay'], { query: listParameters(options) });
      await printCreated(line, answer, options.json);
    });
}
