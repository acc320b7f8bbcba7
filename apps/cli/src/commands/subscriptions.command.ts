import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { addFilterOptions, listParameters, type FilterOptions } from '../events/event-filter-options.js';
import { printChanged } from './changed-resource.js';
import { jsonText } from './option-values.js';
import {
  ID_COLUMN,
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
  example: 'alerts',
  columns: [
    member('name'),
    member('topic_name', 'TOPIC'),
    member('destination_name', 'DESTINATION'),
    member('destination_type', 'TYPE'),
    ID_COLUMN,
  ],
  goesWith: () => ['and cancels the deliveries that wait for it'],
};

/** `tidings subscriptions`: which destination gets which topic. */
export function subscriptionsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, SUBSCRIPTIONS);
  const own = [createCommand(line), updateCommand(line), replayCommand(line)];
  return line.group(
    'subscriptions',
    {
      summary: 'List and manage subscriptions: which destination gets which topic',
      examples: [
        'tidings subscriptions',
        'tidings subscriptions create alerts --topic failures --destination on-call',
        'tidings subscriptions replay alerts --since 1d',
      ],
    },
    [list, resourceShowCommand(line, SUBSCRIPTIONS), ...own, resourceDeleteCommand(line, SUBSCRIPTIONS)],
    list,
  );
}

interface SubscriptionOptions extends InstanceOptions {
  readonly attributes?: string;
  readonly filter?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function addSubscriptionOptions(command: Command): Command {
  return command
    .option('--attributes <json>', 'settings by the type of the destination: {"signing_enabled": true}', jsonText)
    .option('--filter <filter>', 'a filter besides those of the topic')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; without this, its id');
}

function membersOf({ attributes, filter, description }: SubscriptionOptions): object {
  return {
    ...(description !== undefined && { description }),
    ...(filter !== undefined && { filter }),
    ...(attributes !== undefined && { attributes: JSON.parse(attributes) as unknown }),
  };
}

function createCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'create', {
    summary: 'Create a subscription',
    examples: ['tidings subscriptions create alerts --topic failures --destination on-call'],
  })
    .argument('<name>', 'its name')
    .requiredOption('--topic <topic>', 'name or id of a topic')
    .requiredOption('--destination <destination>', 'name or id of a destination');
  return addSubscriptionOptions(command).action(
    async (name: string, options: SubscriptionOptions & { readonly topic: string; readonly destination: string }) => {
      const instance = await openInstance(line, options);
      const body = {
        name,
        topic_id: await instance.idOf('topics', options.topic),
        destination_id: await instance.idOf('destinations', options.destination),
        ...membersOf(options),
      };
      const answer = await instance.send('POST', ['subscriptions'], body);
      await printChanged(line, answer, `Created the subscription ${name}`, options.json);
    },
  );
}

function updateCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'update', {
    summary: 'Change a subscription',
    details: 'What is not named stays as it is.',
    examples: ['tidings subscriptions update alerts --filter \'$.source == "/lxd/rack1"\''],
  })
    .argument('<subscription>', 'name or id')
    .option('--name <name>', 'its new name');
  return addSubscriptionOptions(command).action(
    async (subscription: string, options: SubscriptionOptions & { readonly name?: string }) => {
      const { name, json } = options;
      const body = { ...(name !== undefined && { name }), ...membersOf(options) };
      if (Object.keys(body).length === 0) throw new CommandFailure('usage', 'Nothing to change: name an option');
      const instance = await openInstance(line, options);
      const id = await instance.idOf('subscriptions', subscription);
      const answer = await instance.send('PATCH', ['subscriptions', id], body);
      await printChanged(line, answer, `Changed the subscription ${subscription}`, json);
    },
  );
}

function replayCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'replay', {
    summary: 'Send stored events to a subscription again',
    examples: [
      'tidings subscriptions replay alerts --since 1d',
      'tidings subscriptions replay alerts --type instance-created --since 2026-11-02',
    ],
  });
  return addFilterOptions(command, false)
    .argument('<subscription>', 'name or id')
    .option('--json', 'print all of it; without this, the id of the replay')
    .action(async (name: string, options: InstanceOptions & FilterOptions & { readonly json?: boolean }) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('subscriptions', name);
      const answer = await instance.send('POST', ['subscriptions', id, 'replay'], { query: listParameters(options) });
      await printChanged(line, answer, `Started a replay for ${name}`, options.json);
    });
}
