import { Option, type Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { parseMoment } from '../events/event-time.js';
import { printRecord } from '../output/record-formats.js';
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
    member('id', 'ID', true),
  ],
};

/** `tidings destinations`: where events are sent to. */
export function destinationsCommand(line: CommandLine): Command {
  const list = resourceListCommand(line, DESTINATIONS);
  const own = [createCommand(line), testCommand(line), enableCommand(line), recoverCommand(line)];
  return line.group(
    'destinations',
    {
      summary: 'Say where events are sent to',
      examples: [
        'tidings destinations',
        'tidings destinations create on-call --webhook https://on-call.example/hook',
        'tidings destinations test on-call',
        'tidings destinations recover on-call --since 2h',
      ],
    },
    [list, resourceShowCommand(line, DESTINATIONS), ...own, resourceDeleteCommand(line, DESTINATIONS)],
    list,
  );
}

interface CreateOptions extends InstanceOptions {
  readonly webhook?: string;
  readonly type?: string;
  readonly params?: string;
  readonly description?: string;
  readonly json?: boolean;
}

function createCommand(line: CommandLine): Command {
  return instanceCommand(line, 'create', {
    summary: 'Make a destination',
    examples: [
      'tidings destinations create on-call --webhook https://on-call.example/hook',
      'tidings destinations create mirror --type event_streams --params \'{"topic": "mirror"}\'',
    ],
  })
    .argument('<name>', 'what it is called')
    .addOption(new Option('--webhook <url>', 'a web hook that is posted to').conflicts(['type', 'params']))
    .option('--type <type>', 'webhook, event_streams, smtp_custom or slack')
    .option('--params <json>', 'what its type wants to know, as /docs describes it', jsonText)
    .option('--description <text>', 'what it is for')
    .option('--json', 'print all of it; its id without this')
    .action(async (name: string, options: CreateOptions) => {
      const { webhook, type, params, description } = options;
      if (webhook === undefined && type === undefined) {
        throw new CommandFailure('usage', 'Say where to send to: --webhook, or --type with --params');
      }
      const config: unknown = webhook === undefined ? JSON.parse(params ?? '{}') : { url: webhook, verb: 'post' };
      const body = {
        name,
        type: type ?? 'webhook',
        ...(description !== undefined && { description }),
        config: { params: config },
      };
      const instance = await openInstance(line, options);
      await printCreated(line, await instance.send('POST', ['destinations'], body), options.json);
    });
}

function testCommand(line: CommandLine): Command {
  return instanceCommand(line, 'test', {
    summary: 'Send a test event to a destination',
    details: 'It prints the id of the notification; `tidings deliveries --destination …` says what became of it.',
    examples: ['tidings destinations test on-call'],
  })
    .argument('<name>', 'its name or its id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const answer = await instance.send('POST', ['destinations', await instance.idOf('destinations', name), 'test']);
      await line.out.line(answer.json<{ readonly notification_id: string }>().notification_id);
    });
}

function enableCommand(line: CommandLine): Command {
  return instanceCommand(line, 'enable', {
    summary: 'Let a destination be sent to again that was disabled',
    examples: ['tidings destinations enable on-call'],
  })
    .argument('<name>', 'its name or its id')
    .action(async (name: string, options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', name);
      await instance.send('POST', ['destinations', id, 'enable']);
      await line.out.line(id);
    });
}

function recoverCommand(line: CommandLine): Command {
  return instanceCommand(line, 'recover', {
    summary: 'Send again what a destination did not get',
    examples: ['tidings destinations recover on-call --since 2h'],
  })
    .argument('<name>', 'its name or its id')
    .requiredOption('--since <time>', 'what failed from then on: 2h (ago), a time', (text: string) => parseMoment(text))
    .action(async (name: string, options: InstanceOptions & { readonly since: string }) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', name);
      const since = new Date(Number(options.since) * 1_000).toISOString();
      const answer = await instance.send('POST', ['destinations', id, 'recover'], { since });
      await printRecord(answer.json(), 'yaml', line.out);
    });
}
