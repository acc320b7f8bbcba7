import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import type { Resource } from '../notifications/instance-client.js';
import { isObject, textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { shortTime, wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { limitOption, moment, timestampOf } from './option-values.js';
import { instanceCommand, member, openInstance, type InstanceOptions } from './resource-commands.js';

const DEFAULT_LIMIT = 20;
const EXAMPLE_ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

/** `tidings deliveries`: what was sent to destinations. */
export function deliveriesCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'deliveries',
    {
      summary: 'List and retry deliveries to destinations',
      examples: [
        'tidings deliveries --state failed',
        `tidings deliveries attempts ${EXAMPLE_ID}`,
        `tidings deliveries retry ${EXAMPLE_ID}`,
        'tidings deliveries list --help                   # all filters',
      ],
    },
    [list, showCommand(line), attemptsCommand(line), retryCommand(line)],
    list,
  );
}

interface ListOptions extends InstanceOptions, ListFormatOptions {
  readonly state?: string;
  readonly destination?: string;
  readonly subscription?: string;
  readonly event?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
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
    .option('--destination <destination>', 'to this destination: name or id')
    .option('--subscription <subscription>', 'of this subscription: name or id')
    .option('--event <uuid>', 'of this event')
    .option('--since <time>', 'created at or after: 2h (ago), or a time', moment)
    .option('--until <time>', 'created before', moment)
    .addOption(limitOption(DEFAULT_LIMIT))
    .action(async (options: ListOptions) => {
      const { state, destination, subscription, event, since, until, limit, format, wide } = options;
      const instance = await openInstance(line, options);
      const parameters = {
        state,
        destination_id: destination && (await instance.idOf('destinations', destination)),
        subscription_id: subscription && (await instance.idOf('subscriptions', subscription)),
        event_id: event,
        created_from: since && timestampOf(since),
        created_to: until && timestampOf(until),
      };
      const pages = instance.pages('deliveries', parameters, limit);
      const count = await printList(pages, format, line.out, { columns: columns(line), wide });
      if (count > 0 || format !== 'table') return;
      const isFiltered = Object.values(parameters).some((value) => value !== undefined);
      await line.err.line(isFiltered ? 'No delivery matches.' : 'There are no deliveries.');
    });
}

function columns({ out: { colours } }: CommandLine): Column<Resource>[] {
  const typeOf = ({ event }: Resource): string => (isObject(event) ? textOf(event['type']) : '');
  return [
    {
      title: 'CREATED',
      cell: ({ created_at: at }) => wholeSeconds(textOf(at)),
      short: ({ created_at: at }) => shortTime(textOf(at)),
      paint: colours.dim,
    },
    {
      ...member('state'),
      paint: (text, { state }) =>
        state === 'failed' ? colours.red(text) : state === 'delivered' ? colours.green(text) : text,
    },
    { ...member('attempts'), optional: true },
    { ...member('last_status', 'STATUS'), optional: true },
    { title: 'EVENT TYPE', cell: typeOf, short: (row) => typeOf(row).split('.').at(-1) ?? '' },
    { ...member('id'), whole: true },
  ];
}

function showCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'show', {
    summary: 'Show one delivery',
    examples: [`tidings deliveries show ${EXAMPLE_ID}`],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its id')
    .action(async (id: string, options: InstanceOptions & { readonly format: RecordFormat }) => {
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', ['deliveries', id], { wanted: `delivery ${id}` });
      await printRecord(answer.json(), options.format, line.out);
    });
}

const ATTEMPT_COLUMNS: readonly Column<Resource>[] = [
  member('number', '#'),
  { title: 'AT', cell: ({ at }) => wholeSeconds(textOf(at)), short: ({ at }) => shortTime(textOf(at)) },
  member('outcome'),
  member('status'),
  member('latency_ms', 'MS'),
  member('problem'),
  { ...member('response_head', 'RESPONSE'), optional: true },
];

function attemptsCommand(line: CommandLine): Command {
  const command = instanceCommand(line, 'attempts', {
    summary: 'List the attempts of a delivery with their responses',
    examples: [`tidings deliveries attempts ${EXAMPLE_ID}`],
  });
  return addListFormat(command)
    .argument('<id>', 'its id')
    .action(async (id: string, options: InstanceOptions & ListFormatOptions) => {
      const { format, wide } = options;
      const instance = await openInstance(line, options);
      const answer = await instance.request('GET', ['deliveries', id, 'attempts'], { wanted: `delivery ${id}` });
      const { attempts } = answer.json<{ readonly attempts: readonly Resource[] }>();
      await printList([attempts], format, line.out, { columns: ATTEMPT_COLUMNS, wide });
      if (attempts.length === 0 && format === 'table') await line.err.line('There was no attempt yet.');
    });
}

function retryCommand(line: CommandLine): Command {
  return instanceCommand(line, 'retry', {
    summary: 'Retry deliveries now, also those that were delivered',
    examples: [`tidings deliveries retry ${EXAMPLE_ID}`],
  })
    .argument('<id...>', 'ids of deliveries')
    .action(async (ids: readonly string[], options: InstanceOptions) => {
      const instance = await openInstance(line, options);
      for (const id of ids) {
        await instance.send('POST', ['deliveries', id, 'retry'], undefined, `delivery ${id}`);
        await line.changed(id, `The delivery ${id} is being retried.`);
      }
    });
}
