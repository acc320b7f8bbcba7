import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import type { CommandLine } from '../command-line.js';
import { textOf } from '../output/exact-json.js';
import { printList } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import { shortTime, wholeSeconds } from '../output/short-time.js';
import type { Column } from '../output/table.js';
import { addForce, addListFormat, addRecordFormat, type ListFormatOptions } from './format-options.js';
import { limitOption, listed, moment, readText } from './option-values.js';

const PATH = '/api/dead-letters/';
const DEFAULT_LIMIT = 20;

type DeadLetter = Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<DeadLetter>[] = [
  { title: 'ID', cell: ({ id }) => textOf(id), whole: true },
  {
    title: 'CREATED',
    cell: ({ created }) => wholeSeconds(textOf(created)),
    short: ({ created }) => shortTime(textOf(created)),
  },
  { title: 'REASON', cell: ({ reason }) => textOf(reason), whole: true },
  { title: 'RETRIED', cell: ({ retried }) => (retried === null ? 'no' : 'yes') },
  { title: 'DETAIL', cell: ({ detail }) => textOf(detail) },
  { title: 'KAFKA TOPIC', cell: ({ kafka_topic: topic }) => textOf(topic), optional: true },
];

/** `tidings dead-letters`: messages that could not be stored. */
export function deadLettersCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'dead-letters',
    {
      summary: 'List, repair and retry messages that could not be stored',
      examples: [
        'tidings dead-letters',
        'tidings dead-letters show 7',
        'tidings dead-letters retry 7 --file repaired.json',
        'tidings dead-letters delete 7 --force',
      ],
    },
    [list, showCommand(line), retryCommand(line), deleteCommand(line)],
    list,
  );
}

interface ListOptions extends ConnectionOptions, ListFormatOptions {
  readonly reason?: readonly string[];
  readonly kafkaTopic?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly notRetried?: boolean;
  readonly limit: number;
}

function listCommand(line: CommandLine): Command {
  const command = line.serverCommand('list', {
    summary: 'List dead letters, the newest first',
    examples: [
      'tidings dead-letters list --not-retried',
      'tidings dead-letters list --since 1d --limit all --format csv',
    ],
  });
  return addListFormat(command)
    .option('--reason <reasons>', 'why: unknown_type, invalid_payload …', listed)
    .option('--kafka-topic <topics>', 'the Kafka topic of the message', listed)
    .option('--since <time>', 'dead-lettered at or after: 2h (ago), or a time', moment)
    .option('--until <time>', 'dead-lettered before', moment)
    .option('--not-retried', 'only those that were not retried')
    .addOption(limitOption(DEFAULT_LIMIT))
    .action(async (options: ListOptions) => {
      const { reason, kafkaTopic, since, until, notRetried, limit, format, wide } = options;
      const parameters = {
        reason,
        kafka_topic: kafkaTopic,
        created_from: since,
        created_to: until,
        retried: notRetried === true ? 'false' : undefined,
      };
      const pages = pagesOf<DeadLetter>(line.connect(options), PATH, parameters, limit);
      const count = await printList(pages, format, line.out, { columns: COLUMNS, wide });
      if (count > 0 || format !== 'table') return;
      const isFiltered = Object.values(parameters).some((value) => value !== undefined);
      await line.err.line(isFiltered ? 'No dead letter matches.' : 'There are no dead letters.');
    });
}

const pathOf = (id: string): string => `${PATH}${encodeURIComponent(id)}/`;
const wantedOf = (id: string): string => `dead letter ${id}`;

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one dead letter, with its message as it came',
    examples: ['tidings dead-letters show 7', 'tidings dead-letters show 7 --json | jq -r .value > message.json'],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its number')
    .action(async (id: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      const answer = await line.connect(options).get(pathOf(id), {}, wantedOf(id));
      await printRecord(answer.json(), options.format, line.out);
    });
}

interface RetryOptions extends ConnectionOptions {
  readonly value?: string;
  readonly file?: string;
  readonly header?: Readonly<Record<string, string | null>>;
}

function retryCommand(line: CommandLine): Command {
  return line
    .serverCommand('retry', {
      summary: 'Send the message of a dead letter again, as it was or repaired',
      details: 'If it fails again, it becomes a dead letter of its own: `tidings dead-letters --not-retried`.',
      examples: [
        'tidings dead-letters retry 7',
        'tidings dead-letters retry 7 --file repaired.json',
        'tidings dead-letters retry 7 --header ce_type=com.ovh.cds.ProjectCreated',
      ],
    })
    .argument('<id>', 'its number')
    .addOption(new Option('--value <text>', 'what to send in place of the message').conflicts('file'))
    .option('--file <path>', 'a file with what to send in place of the message')
    .option('--header <name=value>', 'set a header, or remove it with name=; may be repeated', header)
    .action(async (id: string, options: RetryOptions) => {
      const value = options.file === undefined ? options.value : readText('--file', options.file);
      const repair = { ...(value !== undefined && { value }), ...(options.header && { headers: options.header }) };
      const isRepaired = Object.keys(repair).length > 0;
      await line.connect(options).request('POST', `${pathOf(id)}retry/`, {
        wanted: wantedOf(id),
        ...(isRepaired && { body: JSON.stringify(repair), contentType: 'application/json' }),
      });
      await line.changed(id, `Sent the message of dead letter ${id} again.`);
    });
}

function header(text: string, before: RetryOptions['header']): Record<string, string | null> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [name]: value === '' ? null : value };
}

function deleteCommand(line: CommandLine): Command {
  const command = line.serverCommand('delete', {
    summary: 'Delete dead letters with their messages',
    details: 'It asks first.',
    examples: ['tidings dead-letters delete 7 --force'],
  });
  return addForce(command)
    .argument('<id...>', 'numbers of dead letters')
    .action(async (ids: readonly string[], options: ConnectionOptions & { readonly force?: boolean }) => {
      const api = line.connect(options);
      const what = ids.length === 1 ? `dead letter ${ids.join()}` : `the dead letters ${ids.join(', ')}`;
      await line.confirmDeletion(`${what}: what was not stored is lost`, options.force);
      for (const id of ids) {
        await api.request('DELETE', pathOf(id), { wanted: wantedOf(id) });
        await line.changed(id, `Deleted dead letter ${id}.`);
      }
    });
}
