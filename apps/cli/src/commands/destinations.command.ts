import { Option, type Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { printRecord } from '../output/record-formats.js';
import { printChanged } from './changed-resource.js';
import { destinationTestCommand } from './destination-test.command.js';
import { jsonText, moment, timestampOf } from './option-values.js';
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

const DESTINATIONS: ResourceKind = {
  plural: 'destinations',
  singular: 'destination',
  example: 'on-call',
  columns: [
    member('name'),
    member('type'),
    {
      title: 'ENABLED',
      cell: ({ enabled, disabled_reason: reason }) =>
        enabled === true ? 'yes' : `no${typeof reason === 'string' ? `: ${reason}` : ''}`,
    },
    member('subscription_count', 'SUBSCRIPTIONS'),
    ID_COLUMN,
  ],
  goesWith: ({ subscription_names: names }) => withSubscriptions(Array.isArray(names) ? names : []),
};

/** `tidings destinations`: where notifications are sent. */
export function destinationsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, DESTINATIONS);
  const own = [createCommand(line), updateCommand(line), destinationTestCommand(line), enableCommand(line)];
  const more = [recoverCommand(line), signingSecretCommand(line)];
  return line.group(
    'destinations',
    {
      summary: 'List and manage destinations: where notifications are sent',
      examples: [
        'tidings destinations',
        'tidings destinations create on-call --webhook https://on-call.example/hook',
        'tidings destinations test on-call',
        'tidings destinations recover on-call --since 2h',
      ],
    },
    [list, resourceShowCommand(line, DESTINATIONS), ...own, ...more, resourceDeleteCommand(line, DESTINATIONS)],
    list,
  );
}

interface DestinationOptions extends InstanceOptions {
  readonly webhook?: string;
  readonly params?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function addDestinationOptions(command: Command): Command {
  return command
    .addOption(new Option('--webhook <url>', 'URL of a webhook').conflicts(['type', 'params']))
    .option('--params <json>', 'parameters of its type, as /docs describes them', jsonText)
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; without this, its id');
}

/** What the options say of the parameters; undefined where they say nothing. */
function paramsOf({ webhook, params }: DestinationOptions): unknown {
  if (webhook !== undefined) return { url: webhook, verb: 'post' };
  return params === undefined ? undefined : JSON.parse(params);
}

function createCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'create', {
    summary: 'Create a destination',
    examples: [
      'tidings destinations create on-call --webhook https://on-call.example/hook',
      'tidings destinations create mirror --type event_streams \\\n    --params \'{"endpoint": "kafka.example:9092", "topic": "mirror"}\'',
    ],
  });
  return addDestinationOptions(command)
    .argument('<name>', 'its name')
    .option('--type <destination-type>', 'webhook, event_streams, smtp_custom or slack')
    .action(async (name: string, options: DestinationOptions & { readonly type?: string }) => {
      const { webhook, type, description, json } = options;
      if (webhook === undefined && type === undefined) {
        throw new CommandFailure('usage', '--webhook, or --type with --params: is missing');
      }
      const body = {
        name,
        type: type ?? 'webhook',
        ...(description !== undefined && { description }),
        config: { params: paramsOf(options) ?? {} },
      };
      const instance = await openInstance(line, options);
      const answer = await instance.send('POST', ['destinations'], body);
      await printChanged(line, answer, `Created the destination ${name}`, json);
    });
}

function updateCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'update', {
    summary: 'Change a destination',
    details: 'What is not named stays as it is.',
    examples: ['tidings destinations update on-call --webhook https://on-call.example/new-hook'],
  });
  return addDestinationOptions(command)
    .argument('<destination>', 'name or id')
    .option('--name <name>', 'its new name')
    .action(async (destination: string, options: DestinationOptions & { readonly name?: string }) => {
      const { name, description, json } = options;
      const params = paramsOf(options);
      const body = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(params !== undefined && { config: { params } }),
      };
      if (Object.keys(body).length === 0) throw new CommandFailure('usage', 'Nothing to change: name an option');
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', destination);
      const answer = await instance.send('PATCH', ['destinations', id], body);
      await printChanged(line, answer, `Changed the destination ${destination}`, json);
    });
}

function enableCommand(line: CommandLine): Command {
  return instanceCommand(line, 'enable', {
    summary: 'Re-enable a disabled destination',
    details: 'Deliveries that wait for it go out.',
    examples: ['tidings destinations enable on-call'],
  })
    .argument('<destination>', 'name or id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', name);
      await instance.send('POST', ['destinations', id, 'enable']);
      await line.changed(id, `The destination ${name} is enabled.`);
    });
}

function recoverCommand(line: CommandLine): Command {
  return instanceCommand(line, 'recover', {
    summary: 'Retry all failed deliveries to a destination since a time',
    examples: ['tidings destinations recover on-call --since 2h'],
  })
    .argument('<destination>', 'name or id')
    .requiredOption('--since <time>', 'failed at or after: 2h (ago), or a time', moment)
    .action(async (name: string, options: InstanceOptions & { readonly since: string }) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', name);
      const since = timestampOf(options.since);
      const answer = await instance.send('POST', ['destinations', id, 'recover'], { since });
      await printRecord(answer.json(), 'yaml', line.out);
    });
}

function signingSecretCommand(line: CommandLine): Command {
  return instanceCommand(line, 'signing-secret', {
    summary: 'Create a new secret that signs what a webhook gets, and print it once',
    details: 'The former one stays valid for a day, in which both sign.',
    examples: ['SECRET=$(tidings destinations signing-secret on-call)'],
  })
    .argument('<destination>', 'name or id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const answer = await instance.send('POST', [
        'destinations',
        await instance.idOf('destinations', name),
        'signing_secret',
      ]);
      await line.out.line(answer.json<{ readonly signing_secret: string }>().signing_secret);
    });
}
