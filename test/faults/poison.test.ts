import { randomBytes, randomUUID } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { type AppProcess, startApp } from '../harness/app-process.js';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { type OddReceiver, oddReceivers } from './odd-receivers.js';
import { say } from './outage.js';
import { binaryMessage, poisonRecords, structuredMessage } from './poison-records.js';
import { PoisonSender } from './poison-requests.js';
import { cloudEvent, sendEvents } from './sent-events.js';
import { subscribe } from './subscriptions.js';

/** Half of them over HTTP, and half straight to Kafka. */
const EVENTS = 20_000;
/** As many as `sendEvents` sends at once. */
const BATCH = 500;
const ROUNDS = EVENTS / 2 / BATCH;
/** Every so many rounds with what takes a while to unpack. */
const HEAVY = 10;
const TOKEN = randomUUID();
const MATCHED_PROJECTS = ['P7', 'P8'];

it('stores what is good, puts aside what is not and delivers, whatever comes in and whoever receives', async () => {
  const servers = await startEmbeddedServers({});
  const prefix = freshPrefix();
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    DATABASE_URL: servers.postgres.url,
    TIDINGS_PREFIX: prefix,
    TIDINGS_ADMIN_TOKEN: TOKEN,
    TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
    TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
    TIDINGS_WATCHDOG_SECONDS: '30',
    TIDINGS_ROLES: undefined,
    LOG_LEVEL: 'error',
  };
  const apps = await Promise.all((['gateway', 'events', 'notifications'] as const).map((app) => startApp(app, env)));
  const [gateway, , notifications] = apps as [AppProcess, AppProcess, AppProcess];
  const receivers = await oddReceivers();
  const destinations = await subscribe(
    { url: notifications.url, token: TOKEN },
    {
      system: 'cds',
      filter: MATCHED_PROJECTS.map((project) => `$.data.project_key == '${project}'`).join(' || '),
      receivers: Object.fromEntries(receivers.map(({ name, url }) => [name, url])),
    },
  );
  const kafka = new Kafka({ brokers: [...servers.kafka.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    // A request that has to be repeated on a busy machine would write its poison twice.
    idempotent: true,
    maxInFlightRequests: 1,
  });
  const store = new Client(servers.postgres.url);
  try {
    await Promise.all([producer.connect(), store.connect()]);
    const kafkaTopic = `${prefix}lifecycle.cds.run-job`;
    const overHttp = new PoisonSender(gateway.url, TOKEN);
    const expected = { stored: EVENTS, deadLetters: 0 };
    let round = 0;
    let sending = Promise.resolve();
    const sendRound = async (number: number): Promise<void> => {
      expected.deadLetters += await produceRound(producer, kafkaTopic, number);
      const taken = await overHttp.send(number, number % HEAVY === 0);
      expected.deadLetters += taken.deadLettered;
      expected.stored += taken.accepted;
    };
    const { acknowledged } = await sendEvents({ url: gateway.url, token: TOKEN, count: EVENTS / 2 }, () => {
      const number = round;
      round += 1;
      sending = sending.then(() => sendRound(number));
      // It is awaited below.
      sending.catch(() => undefined);
    });
    await sending;
    expect(acknowledged.size).toBe(EVENTS / 2);
    expect(round).toBe(ROUNDS);

    const found = { stored: 0, deadLetters: 0 };
    await until(
      async () => {
        found.stored = await countOf(store, 'events.event');
        found.deadLetters = await countOf(store, 'events.dead_letter');
        return found.stored >= expected.stored && found.deadLetters >= expected.deadLetters;
      },
      { timeout: 120_000, interval: 500, what: 'all to be stored or put aside' },
    );
    const matching = matchingEvents();
    const figures = await delivered(store, receivers, destinations, matching.length);
    const repeated = receivers.reduce((sum, { requests, events }) => sum + requests - events.size, 0);
    say(
      `${found.stored} of ${expected.stored} stored, ${found.deadLetters} of ${expected.deadLetters} put aside; ` +
        `${matching.length} events to each of ${receivers.length} receivers: ` +
        `${receivers.map(({ name, events }) => `${name} ${events.size}`).join(', ')}; ${repeated} requests repeated`,
    );

    expect(found, JSON.stringify(await reasons(store))).toEqual(expected);
    for (const { name, fate, events, requests } of receivers) {
      const { attempts, states } = figures.get(name) ?? { attempts: 0, states: {} };
      if (fate === 'never') {
        expect(states, name).not.toHaveProperty('delivered');
        continue;
      }
      expect([...events.keys()].sort(), name).toEqual(matching);
      // One request for each attempt that was written down, and one attempt where none failed.
      expect(requests, name).toBe(attempts);
      expect(states, name).toEqual({ [fate === 'refused' ? 'failed' : 'delivered']: matching.length });
    }
    for (const app of apps) {
      expect(await Promise.race([app.ended, Promise.resolve('it runs')]), app.output.slice(-5_000)).toBe('it runs');
      expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
    }
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await producer.disconnect();
    await store.end();
    await servers.stop();
    for (const receiver of receivers) receiver.close();
  }
}, 900_000);

/** Good events with poison between them, in batches with and without compression. @returns how many dead letters to expect */
async function produceRound(producer: Producer, kafkaTopic: string, round: number): Promise<number> {
  const good = Array.from({ length: BATCH }, (_, n) => cloudEvent(EVENTS / 2 + round * BATCH + n)).map((event, n) =>
    n % 2 === 0 ? binaryMessage(event) : structuredMessage(JSON.stringify(event)),
  );
  const poison = poisonRecords(round).filter(({ isGzip }) => isGzip !== true || round % HEAVY === 0);
  // The same event with another payload: the first one counts.
  const conflict = cloudEvent(round);
  const others = structuredMessage(
    JSON.stringify({ ...conflict, data: { ...(conflict['data'] as object), status: 'x' } }),
  );
  const share = Math.ceil(good.length / poison.length);
  for (const [n, { message, isGzip }] of poison.entries()) {
    const messages = [...good.slice(n * share, (n + 1) * share), message];
    const compression = isGzip === true || n % 2 === 0 ? CompressionTypes.GZIP : CompressionTypes.None;
    await producer.send({ topic: kafkaTopic, messages, compression });
  }
  await producer.send({ topic: kafkaTopic, messages: [others] });
  return poison.length + 1;
}

/** Identities of the events that the rule takes, sorted. */
function matchingEvents(): string[] {
  return Array.from({ length: EVENTS }, (_, n) => cloudEvent(n))
    .filter(({ data }) => MATCHED_PROJECTS.includes((data as { project_key: string }).project_key))
    .map(({ id }) => id)
    .sort();
}

interface Figures {
  readonly attempts: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Waits until nothing is left to be delivered to those who answer. @returns what the log has of each receiver */
async function delivered(
  store: Client,
  receivers: readonly OddReceiver[],
  destinations: ReadonlyMap<string, string>,
  count: number,
): Promise<ReadonlyMap<string, Figures>> {
  const read = async (): Promise<Map<string, Figures>> => {
    const { rows } = await store.query<{ destination_id: string; attempts: number; states: Record<string, number> }>(
      `SELECT destination_id, sum(attempts)::integer AS attempts, json_object_agg(state, n) AS states FROM (
        SELECT destination_id, state, count(*)::integer AS n, sum(attempts) AS attempts
        FROM notifications.delivery GROUP BY destination_id, state) AS each GROUP BY destination_id`,
    );
    const names = new Map([...destinations].map(([name, id]) => [id, name]));
    return new Map(rows.map(({ destination_id: id, ...figures }) => [names.get(id) ?? id, figures]));
  };
  let told = 0;
  return until(
    async () => {
      const figures = await read();
      const ended = receivers
        .filter(({ fate }) => fate !== 'never')
        .map(({ name }) => {
          const { delivered: arrived = 0, failed = 0 } = figures.get(name)?.states ?? {};
          return arrived + failed;
        });
      const sum = ended.reduce((total, one) => total + one, 0);
      if (sum - told >= count) say(`${(told = sum)} of ${count * ended.length} deliveries ended`);
      return ended.every((one) => one >= count) ? figures : undefined;
    },
    { timeout: 420_000, interval: 1_000, what: 'all deliveries to end' },
  );
}

/** Why something was put aside, and how often. */
async function reasons(store: Client): Promise<readonly unknown[]> {
  const text =
    'SELECT reason, left(detail, 100) AS detail, count(*)::integer AS n FROM events.dead_letter GROUP BY 1, 2';
  return (await store.query<object>(text)).rows;
}

async function countOf(store: Client, table: string): Promise<number> {
  return (await store.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table}`)).rows[0]?.n ?? 0;
}
