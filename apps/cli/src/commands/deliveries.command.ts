import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { parseMoment } from '../events/event-time.js';
import type { Resource } from '../notifications/instance-client.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat } from './format-options.js';
import { entryLimit } from './option-values.js';
import { instanceCommand, member, openInstance, type InstanceOptions } from './resource-commands.js';

const DEFAULT_LIMIT = 20;

/** `tidings deliveries`: what was sent, and what became of it. */
export function deliveriesCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'deliveries',
    {
      summary: 'Say what was sent to destinations, and what became of it',
      examples: [
        'tidings deliveries --state failed',
        'tidings deliveries attempts 0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
        'tidings deliveries retry 0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
        'tidings deliveries list --help                   # all filters',
      ],
    },
    [list, showCommand(line), attemptsCommand(line), retryCommand(line)],
    list,
  );
}

interface ListOptions extends InstanceOptions {
  readonly state?: string;
  readonly destination?: string;
  readonly subscription?: string;
  readonly event?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly format: ListFormat;
}

function listCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'list', {
    summary: 'List deliveries, the newest first',
    examples: [
      'tidings deliveries list --state failed --since 1d',
      'tidings deliveries list --destination on-call --limit all --format csv',
    ],
  });
  return addListFormat(command)
    .option('--state <state>', 'waiting, delivering, delivered, failed, cancelled')
    .option('--destination <name>', 'to this destination: name or id')
    .option('--subscription <name>', 'by this subscription: name or id')
    .option('--event <uuid>', 'of this event')
    .option('--since <time>', 'made from then on: 2h (ago), a time', (text: string) => parseMoment(text))
    .option('--until <time>', 'made before then', (text: string) => parseMoment(text))
    .option('-n, --limit <count>', 'how many at the most, or all', entryLimit, DEFAULT_LIMIT)
    .action(async (options: ListOptions) => {
      const { state, destination, subscription, event, since, until } = options;
      const instance = await openInstance(line, options);
      const parameters = {
        state,
        destination_id: destination && (await instance.idOf('destinations', destination)),
        subscription_id: subscription && (await instance.idOf('subscriptions', subscription)),
        event_id: event,
        created_from: timeOf(since),
        created_to: timeOf(until),
      };
      const pages = instance.pages('deliveries', parameters, options.limit);
      const count = await printList(pages, options.format, line.out, { columns: columns(line) });
      if (count === 0 && options.format === 'table') await line.err.line('No delivery is like that.');
    });
}

function columns({ out: { colours } }: CommandLine): Column<Resource>[] {
  return [
    {
      title: 'CREATED',
      cell: ({ created_at: at }) => textOf(at).replace(/\.\d+Z$/, 'Z'),
      whole: true,
      paint: colours.dim,
    },
    {
      ...member('state'),
      paint: (text, { state }) =>
        state === 'failed' ? colours.red(text) : state === 'delivered' ? colours.green(text) : text,
    },
    member('attempts'),
    member('last_status', 'STATUS'),
    { title: 'EVENT TYPE', cell: ({ event }) => (isObject(event) ? textOf(event['type']) : '') },
    member('id', 'ID', true),
  ];
}

/** @param seconds since 1970 */
function timeOf(seconds: string | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1_000).toISOString();
}

function showCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'show', {
    summary: 'Show one delivery, whole',
    examples: ['tidings deliveries show 0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d'],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its id')
    .action(async (id: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      await printRecord((await instance.request('GET', ['deliveries', id])).json(), options.format, line.out);
    });
}

function attemptsCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'attempts', {
    summary: 'List the attempts of a delivery, and what each was answered',
    examples: ['tidings deliveries attempts 0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d'],
  });
  return addListFormat(command)
    .argument('<id>', 'its id')
    .action(async (id: string, options: InstanceOptions & { readonly format: ListFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', ['deliveries', id, 'attempts']);
      const { attempts } = answer.json<{ readonly attempts: readonly Resource[] }>();
      const shape = {
        columns: [
          member('number', '#'),
          member('at'),
          member('outcome'),
          member('status'),
          member('latency_ms', 'MS'),
          member('problem'),
          member('response_head', 'ANSWER'),
        ],
      };
      await printList([attempts], options.format, line.out, shape);
    });
}

function retryCommand(line: CommandLine): Command {
  return instanceCommand(line, 'retry', {
    summary: 'Send again what was not delivered',
    examples: ['tidings deliveries retry 0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d'],
  })
    .argument('<id...>', 'ids of deliveries')
    .action(async (ids: readonly string[], options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      for (const id of ids) {
        await instance.send('POST', ['deliveries', id, 'retry']);
        await line.out.line(id);
      }
    });
}
