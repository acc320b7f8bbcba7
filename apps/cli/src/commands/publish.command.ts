import { createReadStream } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ApiClient } from '../api/api-client.js';
import type { ConnectionOptions } from '../api/connection.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { stringifyExact } from '../output/exact-json.js';
import { printable } from '../output/printable.js';
import { readDocuments } from '../publishing/document-reader.js';
import { CLOUD_EVENTS, nativeEvents, sendEvents, type Destination, type EventFate } from '../publishing/intake.js';
import { typedEvents } from '../publishing/typed-event.js';
import { jsonText } from './option-values.js';

interface PublishOptions extends ConnectionOptions {
  readonly data?: string;
  readonly file?: string;
  readonly native?: string;
  readonly site?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly id?: string;
  readonly time?: string;
  readonly extension?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

const ENVELOPE = ['source', 'subject', 'id', 'time', 'extension'] as const;

/** `tidings publish`: publishes events. */
export function publishCommand(line: CommandLine): Command {
  return line
    .serverCommand('publish', {
      summary: 'Publish events',
      details: [
        'With a type, the input is its payload; without one, whole CloudEvents; with --native, what a system itself sends.',
        'The input is --data, --file or stdin: one JSON document, an array of them, or one a line. Once Kafka has the',
        'events, it prints the UUID of each, for `events show`. The same event sent twice is stored once.',
      ].join(' '),
      examples: [
        'tidings publish com.ovh.cds.ProjectCreated --data \'{"project_key": "DEMO", "username": "aino"}\'',
        'tidings publish instance-created --site rack1 --file payload.json',
        'tidings publish --native lxd --site rack1 < test/samples/lxd-events.ndjson',
        'tidings events --format cloudevents --limit all | tidings publish --url https://other.example',
      ],
    })
    .argument('[type]', 'the event type: its full name, or its system’s; `tidings catalogue` lists them')
    .addOption(new Option('-d, --data <json>', 'the input itself').argParser(jsonText).conflicts('file'))
    .option('--file <path>', 'a file with the input; without it, or with -, stdin')
    .addOption(
      new Option('--native <system>', 'the input is what this system sends: waldur, lxd, cds, ibm').conflicts([
        ...ENVELOPE,
      ]),
    )
    .option('--site <site>', 'installation of the system; main without it')
    .option('--source <uri>', 'CloudEvents source; /<system>/<site> without it')
    .option('--subject <subject>', 'CloudEvents subject; derived from the payload without it')
    .option('--id <id>', 'CloudEvents id; random without it')
    .option('--time <time>', 'CloudEvents time, RFC 3339; now without it')
    .option('--extension <name=value>', 'a CloudEvents extension attribute; may be repeated', extension)
    .option('--json', 'print the result of each event, a JSON document a line')
    .action((type: string | undefined, options: PublishOptions) => publish(line, type, options));
}

function extension(text: string, before: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const [, name, value] = /^([a-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Write name=value; names are lower-case letters and digits.');
  }
  return { ...before, [name]: value };
}

async function publish(line: CommandLine, type: string | undefined, options: PublishOptions): Promise<void> {
  checkTogether(line, type, options);
  const api = line.connect(options);
  const { destination, prepare } = await wayIn(api, type, options);
  const failed = { count: 0, sent: 0 };
  for await (const payloads of readDocuments(inputOf(line, options))) {
    if (options.id !== undefined && payloads.length + failed.sent > 1) {
      throw new CommandFailure('usage', '--id: an id is for one event, and the input has more', ['Leave it out.']);
    }
    const fates = await sendEvents(api, destination, payloads.map(prepare));
    for (const fate of fates) await tell(line, fate, failed.sent, options.json === true);
    failed.sent += payloads.length;
    failed.count += fates.filter(({ status }) => isFailure(status)).length;
  }
  if (failed.sent === 0)
    throw new CommandFailure('usage', 'The input is empty', ['Give --data, --file, or pipe JSON in.']);
  if (failed.count > 0)
    throw new CommandFailure('failed', `${failed.count} of ${failed.sent} events were not accepted`);
}

function checkTogether(line: CommandLine, type: string | undefined, options: PublishOptions): void {
  if (type !== undefined && options.native !== undefined) {
    throw new CommandFailure('usage', 'A type and --native cannot be combined', [
      'What a system sends names its type itself: leave the type out.',
    ]);
  }
  const given = ENVELOPE.filter((name) => options[name] !== undefined);
  if (type === undefined && options.native === undefined && given.length > 0) {
    throw new CommandFailure('usage', `--${given[0] ?? ''} needs a type before it`, [
      'Without a type the input is whole CloudEvents, which have these attributes themselves.',
    ]);
  }
  if (options.data === undefined && options.file === undefined && line.stdin.isTTY === true) {
    throw new CommandFailure('usage', 'There is nothing to publish', ['Give --data, --file, or pipe JSON in.']);
  }
}

interface WayIn {
  readonly destination: Destination;
  /** Makes what is sent of a document of the input. */
  readonly prepare: (text: string) => string;
}

async function wayIn(api: ApiClient, type: string | undefined, options: PublishOptions): Promise<WayIn> {
  if (options.native !== undefined) {
    return { destination: nativeEvents(options.native, options.site), prepare: (text) => text };
  }
  if (type === undefined) return { destination: CLOUD_EVENTS, prepare: (text) => text };
  const { extension: extensions = {}, ...parts } = options;
  return { destination: CLOUD_EVENTS, prepare: await typedEvents(api, { ...parts, type, extensions }) };
}

function inputOf(line: CommandLine, { data, file }: PublishOptions): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (data !== undefined) return [Buffer.from(data)];
  return file === undefined || file === '-' ? line.stdin : readFile(file);
}

async function* readFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new CommandFailure('failed', `--file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isFailure = (status: string): boolean => status === 'rejected' || status === 'dead_letter';

/** @param before how many events were in the requests before */
async function tell({ out, err }: CommandLine, fate: EventFate, before: number, asJson: boolean): Promise<void> {
  const position = before + fate.position;
  if (asJson) {
    await out.line(stringifyExact({ ...fate, position }));
    return;
  }
  if (!isFailure(fate.status) && fate.uuid !== undefined) {
    const uuid = fate.uuid.replaceAll('-', '');
    await out.line(out.isTerminal ? `Published event ${uuid}.` : uuid);
  }
  if (fate.status === 'accepted') return;
  const problems = (fate.problems ?? []).map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`));
  const said = `event ${position + 1} ${WORDS[fate.status] ?? fate.status}${problems.length === 0 ? '' : `: ${problems.join('; ')}`}`;
  await err.line(printable(said));
}

const WORDS: Readonly<Record<string, string>> = {
  rejected: 'was rejected',
  dead_letter: 'became a dead letter',
  uncatalogued: 'was accepted with an unknown type',
  non_conforming: 'was accepted with a payload that does not fit the schema',
};
