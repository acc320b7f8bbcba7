import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { pagesOf } from '../api/pages.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { parseMoment } from '../events/event-time.js';
import { textOf } from '../output/exact-json.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import { printRecord, type RecordFormat } from '../output/record-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, addRecordFormat } from './format-options.js';
import { entryLimit, listed } from './option-values.js';

const PATH = '/api/dead-letters/';
const DEFAULT_LIMIT = 20;

type DeadLetter = Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<DeadLetter>[] = [
  { title: 'ID', cell: ({ id }) => textOf(id), whole: true },
  { title: 'CREATED', cell: ({ created }) => textOf(created).replace(/\.\d+Z$/, 'Z'), whole: true },
  { title: 'REASON', cell: ({ reason }) => textOf(reason), whole: true },
  { title: 'KAFKA TOPIC', cell: ({ kafka_topic: topic }) => textOf(topic) },
  { title: 'RETRIED', cell: ({ retried }) => (retried === null ? 'no' : 'yes') },
  { title: 'DETAIL', cell: ({ detail }) => textOf(detail) },
];

/** `tidings dead-letters`: what could not be stored. */
export function deadLettersCommand(line: CommandLine): Command {
  const list = listCommand(line);
  return line.group(
    'dead-letters',
    {
      summary: 'Say what could not be stored as an event, and send it again',
      examples: [
        'tidings dead-letters',
        'tidings dead-letters show 7',
        'tidings dead-letters retry 7 --file repaired.json',
        'tidings dead-letters delete 7',
      ],
    },
    [list, showCommand(line), retryCommand(line), deleteCommand(line)],
    list,
  );
}

interface ListOptions extends ConnectionOptions {
  readonly reason?: readonly string[];
  readonly kafkaTopic?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly notRetried?: boolean;
  readonly limit: number;
  readonly format: ListFormat;
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
    .option('--reason <reasons>', 'why they are: unknown_type, invalid_payload …', listed)
    .option('--kafka-topic <topics>', 'where they came from', listed)
    .option('--since <time>', 'dead from then on: 2h (ago), a time', (text: string) => parseMoment(text))
    .option('--until <time>', 'dead before then', (text: string) => parseMoment(text))
    .option('--not-retried', 'only what was not sent again yet')
    .option('-n, --limit <count>', 'how many at the most, or all', entryLimit, DEFAULT_LIMIT)
    .action(async (options: ListOptions) => {
      const parameters = {
        reason: options.reason,
        kafka_topic: options.kafkaTopic,
        created_from: options.since,
        created_to: options.until,
        retried: options.notRetried === true ? 'false' : undefined,
      };
      const pages = pagesOf<DeadLetter>(line.connect(options), PATH, parameters, options.limit);
      const count = await printList(pages, options.format, line.out, { columns: COLUMNS });
      if (count === 0 && options.format === 'table') await line.err.line('No dead letter is like that.');
    });
}

const pathOf = (id: string): string => `${PATH}${encodeURIComponent(id)}/`;

function showCommand(line: CommandLine): Command {
  const command = line.serverCommand('show', {
    summary: 'Show one dead letter, whole, with the message as it came',
    examples: ['tidings dead-letters show 7', 'tidings dead-letters show 7 --json | jq -r .value > message.json'],
  });
  return addRecordFormat(command)
    .argument('<id>', 'its number')
    .action(async (id: string, options: ConnectionOptions & { readonly format: RecordFormat }) => {
      await printRecord((await line.connect(options).get(pathOf(id))).json(), options.format, line.out);
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
      summary: 'Send a dead letter’s message again, as it was or repaired',
      examples: [
        'tidings dead-letters retry 7',
        'tidings dead-letters retry 7 --file repaired.json',
        'tidings dead-letters retry 7 --header ce_type=com.ovh.cds.ProjectCreated',
      ],
    })
    .argument('<id>', 'its number')
    .addOption(new Option('--value <text>', 'instead of the message').conflicts('file'))
    .option('--file <path>', 'a file with what is sent instead of the message')
    .option('--header <name=value>', 'instead of a header, or none with name=; may be repeated', header)
    .action(async (id: string, options: RetryOptions) => {
      const value = options.file === undefined ? options.value : readText(options.file);
      const repair = { ...(value !== undefined && { value }), ...(options.header && { headers: options.header }) };
      const isRepaired = Object.keys(repair).length > 0;
      await line.connect(options).request('POST', `${pathOf(id)}retry/`, {
        ...(isRepaired && { body: JSON.stringify(repair), contentType: 'application/json' }),
      });
      await line.out.line(id);
    });
}

function header(text: string, before: RetryOptions['header']): Record<string, string | null> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [name]: value === '' ? null : value };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('failed', `--file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function deleteCommand(line: CommandLine): Command {
  return line
    .serverCommand('delete', { summary: 'Remove a dead letter', examples: ['tidings dead-letters delete 7'] })
    .argument('<id...>', 'numbers of dead letters')
    .action(async (ids: readonly string[], options: ConnectionOptions) => {
      const api = line.connect(options);
      for (const id of ids) {
        await api.request('DELETE', pathOf(id));
        await line.out.line(id);
      }
    });
}
