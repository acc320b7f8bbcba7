import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@tidings/catalogue';
import type { OutgoingRecord } from '@tidings/transport';
import { type AppProcess, startApp } from '../harness/app-process.js';
import { benchEvents } from './events.js';
import { type Figure, percentile, progress } from './figures.js';
import type { LiveReceipt } from './live-process.js';
import { peakMegabytes } from './process-memory.js';
import { recordOf } from './publish.js';
import { ADMIN_TOKEN, AUTHORIZATION, kafkaTopics, PARTITIONS } from './world.js';

const CLIENTS = 2_000;
const PER_SECOND = 500;
const SECONDS = 40;
/** The first are not among the latencies: the processes are cold. */
const WARM_SECONDS = 5;
const TICK_MS = 20;
const LATE_MS = 15_000;
const PREFIX = 'live.';
const AIM_MS = 250;
const AIM_MEGABYTES = 400;

/** Which of the 500 values of a kind an event has: each comes once a second. */
const KINDS = [
  { of: (n: number) => n % PER_SECOND, query: (k: number) => `customer_uuid=${uuid('a', k)}` },
  { of: (n: number) => (n * 7) % PER_SECOND, query: (k: number) => `project_uuid=${uuid('b', k)}` },
  { of: (n: number) => (n * 13) % PER_SECOND, query: (k: number) => `user_uuid=${uuid('c', k)}` },
  { of: (n: number) => (n * 17) % PER_SECOND, query: (k: number) => `q=${unit(k)}` },
  { of: (n: number) => n % PER_SECOND, query: (k: number) => `system=waldur&site!=else&customer_uuid=${uuid('a', k)}` },
] as const;

/** Two thousand streams of different filters while five hundred events a second are published. */
export async function liveFigures(brokers: readonly string[], databaseUrl: string): Promise<readonly Figure[]> {
  const env = {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: databaseUrl,
    KAFKA_PARTITIONS: String(PARTITIONS),
    TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDINGS_PREFIX: PREFIX,
    LOG_LEVEL: 'warn',
  };
  const transport = await kafkaTopics(brokers, PREFIX);
  const running: AppProcess[] = [];
  const clients = fork(fileURLToPath(new URL('live-process.js', import.meta.url)), { serialization: 'advanced' });
  try {
    const api = await startApp('events', { ...env, TIDINGS_ROLES: 'api' });
    running.push(api);
    running.push(await startApp('events', { ...env, TIDINGS_ROLES: 'ingest' }));
    progress(`opening ${CLIENTS} streams`);
    const mark = `bench-live-${Date.now().toString(36)}-`;
    const opened = await askOf<number>(clients, { url: api.url, headers: AUTHORIZATION, paths: paths(), mark });
    progress(`${opened} streams are open; publishing ${PER_SECOND} events a second for ${SECONDS} s`);
    const publisher = await transport.createPublisher();
    const acknowledged = await publish((records) => publisher.publish(records), mark.slice('bench-'.length));
    await delay(1_000);
    const receipt = await received(clients, acknowledged.length);
    return figuresOf(receipt, acknowledged, opened, peakMegabytes(api.pid));
  } finally {
    clients.kill('SIGKILL');
    for (const app of running) await app.stop();
    await transport.close();
  }
}

function paths(): readonly string[] {
  return Array.from({ length: CLIENTS }, (_, client) => `/v1/stream?${kindOf(client).query(valueOf(client))}`);
}

/** @returns when each event was acknowledged, milliseconds of the machine's clock */
async function publish(
  send: (records: readonly OutgoingRecord[]) => Promise<unknown>,
  mark: string,
): Promise<number[]> {
  const acknowledged: number[] = [];
  const each = (PER_SECOND * TICK_MS) / 1000;
  const ticks = (SECONDS * 1000) / TICK_MS;
  const templates = benchEvents(PER_SECOND);
  const begin = performance.now();
  const sending: Promise<unknown>[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const wait = begin + tick * TICK_MS - performance.now();
    if (wait > 0) await delay(wait);
    const numbers = Array.from({ length: each }, (_, n) => tick * each + n);
    const records = numbers.map((n) => recordAt(templates, n, mark));
    const acknowledge = (): void => {
      const at = performance.timeOrigin + performance.now();
      for (const n of numbers) acknowledged[n] = at;
    };
    // What is not acknowledged is not published, and need not arrive.
    sending.push(send(records).then(acknowledge, (error: unknown) => progress(`not acknowledged: ${String(error)}`)));
  }
  await Promise.all(sending);
  return acknowledged;
}

function recordAt(templates: ReturnType<typeof benchEvents>, n: number, mark: string): OutgoingRecord {
  const template = templates[n % templates.length];
  if (template === undefined) throw new RangeError('no template');
  const context: JsonObject = {
    ...(template.data['context'] as JsonObject),
    customer_uuid: uuid('a', KINDS[0].of(n)),
    project_uuid: uuid('b', KINDS[1].of(n)),
    user_uuid: uuid('c', KINDS[2].of(n)),
    backend_id: unit(KINDS[3].of(n)),
  };
  const event = { ...template, time: new Date().toISOString(), data: { ...template.data, context } };
  return recordOf(event, `${mark}${n}`, PREFIX);
}

async function received(clients: ChildProcess, published: number): Promise<LiveReceipt> {
  const deadline = performance.now() + LATE_MS;
  for (;;) {
    const receipt = await askOf<LiveReceipt>(clients, 'collect');
    const count = receipt.numbers.reduce((sum, numbers) => sum + numbers.length, 0);
    if (count >= (published / PER_SECOND) * CLIENTS || performance.now() > deadline) return receipt;
    await delay(500);
  }
}

function figuresOf(
  receipt: LiveReceipt,
  acknowledged: readonly number[],
  opened: number,
  megabytes: number,
): readonly Figure[] {
  const latencies: number[] = [];
  let lost = 0;
  let wrong = 0;
  for (let client = 0; client < CLIENTS; client += 1) {
    const [numbers, times] = [receipt.numbers[client] ?? [], receipt.times[client] ?? []];
    const due = dueOf(client, acknowledged);
    const seen = new Set<number>();
    numbers.forEach((n, index) => {
      const isWrong = seen.has(n) || kindOf(client).of(n) !== valueOf(client);
      seen.add(n);
      if (isWrong) wrong += 1;
      else if (due.delete(n) && n >= WARM_SECONDS * PER_SECOND)
        latencies.push((times[index] ?? NaN) - (acknowledged[n] ?? NaN));
    });
    lost += due.size;
  }
  const p99 = percentile(latencies, 0.99);
  return [
    { name: 'live: streams open', unit: 'streams', value: opened, aim: aimed(`${CLIENTS}`, opened === CLIENTS) },
    {
      name: 'live: events acknowledged',
      unit: 'events',
      value: acknowledged.filter(Boolean).length,
      aim: aimed(`${PER_SECOND * SECONDS}`, acknowledged.filter(Boolean).length === PER_SECOND * SECONDS),
    },
    { name: 'live: events delivered, of the latencies below', unit: 'events', value: latencies.length },
    { name: 'live: events lost', unit: 'events', value: lost, aim: aimed('none', lost === 0) },
    { name: 'live: events doubled or not asked for', unit: 'events', value: wrong, aim: aimed('none', wrong === 0) },
    { name: 'live: streams ended', unit: 'streams', value: receipt.ended.length },
    { name: 'live: from acknowledged to client, p50', unit: 'ms', value: percentile(latencies, 0.5) },
    {
      name: 'live: from acknowledged to client, p99',
      unit: 'ms',
      value: p99,
      aim: aimed(`< ${AIM_MS} ms`, p99 < AIM_MS),
    },
    {
      name: 'live: resident memory of the api process at most',
      unit: 'MB',
      value: megabytes,
      aim: aimed(`< ${AIM_MEGABYTES} MB`, megabytes < AIM_MEGABYTES),
    },
  ];
}

/** The numbers of the acknowledged events that a client has asked for. */
function dueOf(client: number, acknowledged: readonly (number | undefined)[]): Set<number> {
  const [{ of }, value] = [kindOf(client), valueOf(client)];
  const due = new Set<number>();
  for (let n = 0; n < acknowledged.length; n += 1) if (acknowledged[n] !== undefined && of(n) === value) due.add(n);
  return due;
}

function aimed(text: string, reached: boolean): { text: string; reached: boolean } {
  return { text, reached };
}

function kindOf(client: number): (typeof KINDS)[number] {
  return KINDS[client % KINDS.length] ?? KINDS[0];
}

function valueOf(client: number): number {
  return Math.floor(client / KINDS.length) % PER_SECOND;
}

function uuid(letter: string, number: number): string {
  return letter.repeat(24) + number.toString(16).padStart(8, '0');
}

function unit(number: number): string {
  return `unit-${String(number).padStart(3, '0')}-of-live`;
}

function askOf<T>(child: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of the streams has ended'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
    child.send(message);
  });
}
