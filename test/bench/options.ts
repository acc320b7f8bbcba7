import { parseArgs } from 'node:util';

/** What the bench is made of, in the order in which it runs. */
export const PARTS = {
  publish: 'the typed publisher beside kafkajs',
  gateway: 'events over HTTP into Kafka',
  outbox: 'what is committed into Kafka, beside kafkajs and SQL alone',
  connectors: 'events of an LXD server into Kafka, beside ws alone',
  ingest: 'from Kafka into the store',
  subscribing: 'a handler without work beside kafkajs',
  matching: 'rules over events, and 1,000 of them that no index helps',
  delivery: 'webhooks to a sink, and destinations that fail among them',
  queries: 'every shape of a list beside its SQL through bare pg',
  rate: 'lists of the newest events a second',
  cursor: 'page 100,000 by its cursor',
  histogram: 'counts by time of large and small customers',
  export: 'everything as NDJSON beside COPY, and the memory',
  growth: 'ingest into the large store beside an empty one',
  live: '2,000 streams while 500 events a second are published',
  plans: 'query plans of the shapes into a file',
} as const;

export type Part = keyof typeof PARTS;

const ALL = Object.keys(PARTS) as readonly Part[];
const FLOW: readonly Part[] = [
  'publish',
  'gateway',
  'outbox',
  'connectors',
  'ingest',
  'subscribing',
  'matching',
  'delivery',
];
const EVENTS = 10_000_000;

/** What is to be run. */
export interface BenchOptions {
  readonly parts: ReadonlySet<Part>;
  /** How many events the store has. */
  readonly events: number;
  /** Where the store stays for the next run; undefined: it goes with this one. */
  readonly keep: string | undefined;
  /** Where the query plans are written to. */
  readonly plans: string | undefined;
  /** Of the shapes only those whose name has one of these in it. */
  readonly shapes: readonly string[];
}

/** Parts for which no store has to be loaded. */
export function isFlow(part: Part): boolean {
  return FLOW.includes(part);
}

/**
 * @returns undefined when help is asked for
 * @throws {RangeError} with what is wrong, for whoever typed it
 */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values: given } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      events: { type: 'string' },
      keep: { type: 'string' },
      only: { type: 'string' },
      shapes: { type: 'string' },
      plans: { type: 'string' },
    },
  });
  if (given.help === true) return undefined;
  const events = Number(given.events ?? EVENTS);
  if (!Number.isSafeInteger(events) || events < 1) {
    throw new RangeError('--events takes how many events the store should have, for example --events 200000.');
  }
  const named = listed(given.only);
  const unknown = named.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new RangeError(`--only knows no part "${unknown}". There are: ${ALL.join(', ')}.`);
  const chosen = named.length === 0 ? ALL : (named as Part[]);
  const parts = chosen.filter((part) => part !== 'plans' || given.plans !== undefined);
  if (named.includes('plans') && given.plans === undefined) {
    throw new RangeError('The part "plans" needs --plans FILE, for example --plans docs/query-plans.md.');
  }
  return {
    parts: new Set(given.plans === undefined ? parts : [...parts, 'plans']),
    events,
    keep: given.keep,
    plans: given.plans,
    shapes: listed(given.shapes),
  };
}

/** What `--help` prints. */
export function help(): string {
  const width = Math.max(...ALL.map((part) => part.length));
  return `How fast each part is, beside the limit of the machine, measured in the same run.

npm run bench -- [--events N] [--keep FOLDER] [--only PART,…] [--shapes WORD,…] [--plans FILE]

--events N      how many events the store has (${EVENTS.toLocaleString('en-US')}); about 3 kB of disk each
--keep FOLDER   load the store into this folder once and use it again; runs of parts that ingest add events to it
--only PART,…   only these parts:
${ALL.map((part) => `                  ${part.padEnd(width)}  ${PARTS[part]}`).join('\n')}
--shapes WORD,… of the queries and plans only those whose name has one of these words
--plans FILE    write the query plans there, too
`;
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
