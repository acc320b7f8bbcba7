/**
 * Every limit that input from outside meets, in one place: docs/LIMITS.md is written from this table, and a test compares
 * the two. A limit is here so that whoever reads something and whoever writes it agree on it.
 */
export interface Limit {
  /** The largest value that is taken. */
  readonly value: number;
  readonly unit:
    | 'bytes'
    | 'levels'
    | 'entries'
    | 'characters'
    | 'milliseconds'
    | 'bytes per second'
    | 'times'
    | 'steps'
    | 'megabytes';
  /** What is limited, as the documentation says it. */
  readonly of: string;
  /** What happens beyond it, as the documentation says it. */
  readonly beyond: string;
}

const limit = (value: number, unit: Limit['unit'], of: string, beyond: string): Limit => ({ value, unit, of, beyond });

const REFUSED_EVENT = 'HTTP: 422 with the attribute; Kafka: dead letter';

/** An event, whichever way it comes in: HTTP, Kafka, or a send. */
export const EVENT_LIMITS = {
  attributeBytes: limit(2_048, 'bytes', 'a context attribute other than an extension', REFUSED_EVENT),
  extensions: limit(64, 'entries', 'extension attributes of an event', REFUSED_EVENT),
  extensionBytes: limit(
    65_536,
    'bytes',
    'the extension attributes of an event, names and values together',
    REFUSED_EVENT,
  ),
  extensionName: limit(64, 'characters', "an extension attribute's name", REFUSED_EVENT),
  depth: limit(
    500,
    'levels',
    "arrays and objects within each other in an event's data",
    'HTTP: 422; Kafka: dead letter',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** Filters of rules and subscriptions. A step is a value that is looked at, or so much of a long text. */
export const RULE_LIMITS = {
  filterLength: limit(4_096, 'characters', 'a filter', '400 with the position'),
  filterDepth: limit(32, 'levels', 'parentheses and ?( … ) within each other in a filter', '400 with the position'),
  patternSize: limit(
    1_000,
    'steps',
    'a compiled pattern of =~, in RE2 instructions, that are tried for each character of a text',
    '400 with the position',
  ),
  filterSteps: limit(
    50_000,
    'steps',
    'one evaluation of a filter',
    'the filter does not match the event; counted and logged',
  ),
  instanceSteps: limit(
    20_000_000,
    'steps',
    "all filters of one notification instance for one event; looked at after each filter, so that the last one's steps may lie beyond",
    'its other filters do not match the event; counted and logged',
  ),
  instanceMs: limit(
    4_000,
    'milliseconds',
    'evaluating all filters of one notification instance for one event',
    'its other filters do not match the event; counted and logged',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** Templates of notifications, and what they make of events. */
export const TEMPLATE_LIMITS = {
  length: limit(65_536, 'characters', 'a template', '400'),
  output: limit(1_048_576, 'characters', 'what a template makes of an event', 'the attempt fails and says so'),
  time: limit(
    1_000,
    'milliseconds',
    'rendering one template for one event, by the clock on the wall, and so generous to a busy machine',
    'the attempt fails and says so; the template is not tried for a minute',
  ),
  penalty: limit(60_000, 'milliseconds', 'how long a template is not tried that had to be ended', 'it is tried again'),
  memoryMb: limit(
    96,
    'megabytes',
    'a thread that renders templates',
    'the attempt fails and says so; the template is not tried for a minute',
  ),
  waiting: limit(512, 'entries', 'renderings of one instance that wait for their turn', 'tried again a second later'),
  waitingLength: limit(
    67_108_864,
    'characters',
    'the events of all renderings that wait',
    'tried again a second later',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** A request over HTTP, whatever it is for. */
export const HTTP_LIMITS = {
  jsonBody: limit(1_048_576, 'bytes', 'a JSON body of the administrative APIs', '413'),
  jsonBodyDepth: limit(512, 'levels', 'arrays and objects within each other in a JSON body', '400'),
  jsonBodyMembers: limit(
    2_000,
    'entries',
    'members of one object within a JSON body of the administrative APIs',
    '400',
  ),
  jsonBodyTime: limit(30_000, 'milliseconds', 'until a JSON body has arrived', '408'),
  jsonBodies: limit(33_554_432, 'bytes', 'all JSON bodies of a process that are still arriving', '503'),
  problems: limit(20, 'entries', 'problems that an answer tells of one object of a configuration', 'not told'),
  streamTime: limit(
    60_000,
    'milliseconds',
    'of waiting for the sender of a body of events, beside the time that its size is given',
    '408 with what was taken before',
  ),
  streamSpeed: limit(128, 'bytes per second', 'the size of a body of events that a second is given for', '408'),
} as const satisfies Readonly<Record<string, Limit>>;

/** What is delivered, and what receivers answer. */
export const DELIVERY_LIMITS = {
  recordText: limit(
    4_096,
    'characters',
    "a name or a text in `dkim` or `spf` of a mail destination's configuration",
    '400',
  ),
  headerValue: limit(4_096, 'characters', 'the value of a header that a webhook is configured with', '400'),
  remembered: limit(
    10_000,
    'entries',
    'sent notifications that a process knows as pending before there are deliveries of them',
    'asked for its status, the oldest is unknown until there are',
  ),
  hops: limit(
    5,
    'entries',
    'deliveries that an event has been through when it comes in again',
    'HTTP: 422; Kafka: dead letter',
  ),
  answerHeadBytes: limit(
    262_144,
    'bytes',
    "the head of a receiver's answer, interim answers (1xx) together",
    'the attempt has failed',
  ),
  answerBodyBytes: limit(65_536, 'bytes', "the body of a receiver's answer", 'the rest is not read'),
  answerBodyTime: limit(
    2_000,
    'milliseconds',
    "the time that the body of a receiver's answer may take behind its head",
    'the rest is not read',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** What the store keeps. */
export const STORE_LIMITS = {
  typesOfSystem: limit(
    2_000,
    'entries',
    "one system's event types in the store, when one that no catalogue declares is to be added",
    'dead letter `too_many_names`',
  ),
  sourcesOfSite: limit(1_000, 'entries', 'sources of one site (`/<system>/<site>…`)', 'dead letter `too_many_names`'),
  sourcesOfSystem: limit(
    5_000,
    'entries',
    'sources of one system, and sources that name no known system',
    'dead letter `too_many_names`',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** A request that brings events. */
export const INTAKE_LIMITS = {
  inflated: limit(33_554_432, 'bytes', 'what a compressed body unpacks to', '413'),
  inflationRatio: limit(100, 'times', 'the size of a compressed body that it may unpack to', '413'),
  inflationFree: limit(1_048_576, 'bytes', 'what a compressed body may unpack to, however small it is', '413'),
  deadLetters: limit(1_000, 'entries', 'dead letters of one request', '422 with the position at which reading stopped'),
  beginning: limit(
    16_384,
    'bytes',
    'what is kept of a native event that is too large, or of a body that cannot be read',
    'the rest is not kept',
  ),
  listed: limit(1_000, 'entries', 'events that an answer lists', 'counted alone'),
  problems: limit(20, 'entries', 'problems that are told of an event', 'not told'),
  problemText: limit(500, 'characters', 'a problem in an answer, and the name of its field', 'shortened'),
  exceptionBytes: limit(
    100_000,
    'bytes',
    'what an answer lists of events that were not simply accepted',
    'counted alone',
  ),
  formFields: limit(1_000, 'entries', 'fields of a form', 'dead letter'),
} as const satisfies Readonly<Record<string, Limit>>;

/** A record as Kafka's readers take it, whatever it says. */
export const RECORD_LIMITS = {
  bytes: limit(
    2 * 1_048_576,
    'bytes',
    'a record on Kafka after unpacking: twice `TIDINGS_MAX_EVENT_BYTES`, here with its default',
    'dead letter without the value; records beside it in the same batch are read',
  ),
  headers: limit(1_024, 'entries', 'headers of a record on Kafka', 'dead letter without the headers'),
  unpackedBlockBytes: limit(
    33_554_432,
    'bytes',
    "what a decoder must hold at once: a zstd window, or a snappy block, of a producer's batch",
    'dead letter that names the offsets of the batch',
  ),
  batchBytes: limit(
    536_870_912,
    'bytes',
    "what a producer's batch unpacks to, as far as it has to be unpacked to read its records",
    'dead letter that names the offsets of the rest of the batch',
  ),
  zstdWindows: limit(
    17_179_869_184,
    'bytes',
    'the windows of all blocks of a zstd batch together',
    'dead letter that names the offsets of the rest of the batch',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

const STREAM_ENDED = 'the stream ends as too slow; it can be resumed';

/** Live streams: SSE, WebSocket, and LXD's. */
export const STREAM_LIMITS = {
  perToken: limit(
    100,
    'entries',
    'live streams that one token has open in a process; TIDINGS_STREAMS_PER_TOKEN changes it',
    'HTTP: 429 with Retry-After',
  ),
  queuedMessages: limit(1_000, 'entries', 'events that wait for one client of a stream', STREAM_ENDED),
  clientBytes: limit(
    8_000_000,
    'bytes',
    'what waits for one client of a stream; the last event may go beyond',
    STREAM_ENDED,
  ),
  queuedBytes: limit(
    64_000_000,
    'bytes',
    'what waits for all clients of the streams of a process',
    'the past waits from half of it on; beyond, clients that are behind are ended as too slow',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** Queries and exports of the events API. */
export const QUERY_LIMITS = {
  queriesPerToken: limit(
    6,
    'entries',
    'queries of one token that a process answers side by side; TIDINGS_QUERIES_PER_TOKEN changes it',
    'further ones wait for 10 s, then HTTP: 429 with Retry-After',
  ),
  exportsPerToken: limit(
    1,
    'entries',
    'exports of one token under way in a process; TIDINGS_EXPORTS_PER_TOKEN changes it',
    'HTTP: 429 with Retry-After',
  ),
  pageBytes: limit(
    1_000_000,
    'bytes',
    'events of a page that are in memory at once',
    'the rest is read while the answer is written',
  ),
} as const satisfies Readonly<Record<string, Limit>>;

/** All of them, under the headings of docs/LIMITS.md. */
export const LIMITS: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  'An event': EVENT_LIMITS,
  'A request': HTTP_LIMITS,
  'A request that brings events': INTAKE_LIMITS,
  'A record on Kafka': RECORD_LIMITS,
  'The store': STORE_LIMITS,
  'Queries and exports': QUERY_LIMITS,
  'Live streams': STREAM_LIMITS,
  'Rules and filters': RULE_LIMITS,
  Templates: TEMPLATE_LIMITS,
  Deliveries: DELIVERY_LIMITS,
};
