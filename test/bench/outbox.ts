import { setTimeout as delay } from 'node:timers/promises';
import type { EventTypeName, PayloadOf } from '@tidings/catalogue';
import { createDataSource, poolOf } from '@tidings/database';
import type { EventToPublish } from '@tidings/publishing';
import { createOutboxMigration, OutboxPublisher, OutboxRelay } from '@tidings/publishing/outbox';
import { decodeRecord, type KafkaTransport, type RecordPublisher } from '@tidings/transport';
import type { Pool } from 'pg';
import { benchEvents } from './events.js';
import { type Figure, percentile, progress } from './figures.js';
import { bareRate, rate } from './publish.js';
import type { BenchWorld } from './world.js';

const SCHEMA = 'bench_team';
const PREFIX = 'outbox.';
const EVENTS = 60_000;
const KEYS = 1_000;
const BATCH = 500;
/** What the relay reads at once, at the most: the SQL alone is measured in the same steps. */
const STEP = 2_048;
const LANES = 12;
const PACED = { perSecond: 500, seconds: 10 } as const;
const AIM_RATE = 5_000;
const AIM_MS = 200;

type TeamDatabase = Awaited<ReturnType<typeof createDataSource>>;

/** The outbox's relay: how fast it drains, beside Kafka alone and SQL alone; and how soon what is committed is on Kafka. */
export async function outboxFigures(world: BenchWorld): Promise<readonly Figure[]> {
  const transport = await world.topics(PREFIX);
  const source = await createDataSource({
    url: world.databaseUrl,
    applicationName: 'bench-team',
    schema: SCHEMA,
    migrations: [createOutboxMigration({ schema: SCHEMA })],
    poolSize: LANES,
  });
  try {
    progress(`relaying ${EVENTS} events, beside kafkajs and SQL alone`);
    const kafkajs = await bareRate(world, benchEvents(EVENTS), PREFIX);
    await fill(source, 'sql');
    const sql = await rate(EVENTS, () => drainBySql(poolOf(source)));
    await fill(source, 'drain');
    const relayed = await rate(EVENTS, () => drainByRelay(world, transport, poolOf(source)));
    await demandOrder(transport, EVENTS);
    progress(`${PACED.perSecond} transactions a second for ${PACED.seconds} s`);
    const [commits, bare] = [await pacedCommits(world, transport, source), await pacedSends(transport)];
    const p99 = percentile(commits, 0.99);
    return [
      {
        name: 'outbox relay, order of each key kept',
        unit: 'events/s',
        value: relayed,
        limit: { of: 'kafkajs, the same bytes', value: kafkajs },
        aim: { text: `≥ ${AIM_RATE} events/s`, reached: relayed >= AIM_RATE },
      },
      {
        name: 'outbox relay, beside its SQL alone',
        unit: 'events/s',
        value: relayed,
        limit: { of: 'the same rows read and deleted', value: sql },
      },
      {
        name: `commit to Kafka at ${PACED.perSecond}/s, p99`,
        unit: 'ms',
        value: p99,
        limit: { of: 'sending one by one at that rate', value: percentile(bare, 0.99) },
        aim: { text: `< ${AIM_MS} ms`, reached: p99 < AIM_MS },
      },
      {
        name: `commit to Kafka at ${PACED.perSecond}/s, p50`,
        unit: 'ms',
        value: percentile(commits, 0.5),
        limit: { of: 'sending one by one at that rate', value: percentile(bare, 0.5) },
      },
    ];
  } finally {
    await transport.close();
    await source.destroy();
  }
}

/** @param mark begins the ids; behind it the key, and which event of that key it is */
function marked(mark: string): readonly EventToPublish[] {
  return benchEvents(EVENTS).map(
    ({ type, time, data }, index) =>
      ({
        type: type.type,
        payload: data as unknown as PayloadOf<EventTypeName>,
        id: `${mark}/${index % KEYS}/${Math.floor(index / KEYS)}`,
        subject: `key-${index % KEYS}`,
        time,
      }) as EventToPublish,
  );
}

async function fill(source: TeamDatabase, mark: string): Promise<void> {
  const outbox = new OutboxPublisher({ schema: SCHEMA });
  const events = marked(mark);
  for (let at = 0; at < events.length; at += BATCH) {
    await source.transaction((manager) => outbox.within(manager).publishBatch(events.slice(at, at + BATCH)));
  }
  await poolOf(source).query(`VACUUM ANALYZE ${SCHEMA}.outbox`);
}

async function drainBySql(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ sequence: string }>(
      `SELECT sequence::text, id, aggregatetype, aggregateid, type, payload::text, source, "time", dataschema, extensions
       FROM ${SCHEMA}.outbox ORDER BY sequence LIMIT ${STEP}`,
    );
    if (rows.length === 0) return;
    const sequences = rows.map(({ sequence }) => sequence);
    await pool.query(`DELETE FROM ${SCHEMA}.outbox WHERE sequence = ANY ($1::bigint[])`, [sequences]);
  }
}

async function drainByRelay(world: BenchWorld, transport: KafkaTransport, pool: Pool): Promise<void> {
  const publisher = await transport.createPublisher();
  let sent = 0;
  const relay = startRelay(world, {
    publish: async (records, options) => {
      const places = await publisher.publish(records, options);
      sent += records.length;
      return places;
    },
    close: () => publisher.close(),
  });
  while (sent < EVENTS) await delay(5);
  // Ends when what is sent is deleted, too.
  await relay.stop();
  const { rowCount } = await pool.query(`SELECT FROM ${SCHEMA}.outbox LIMIT 1`);
  if (rowCount !== 0) throw new Error('the outbox is not empty');
}

function startRelay(world: BenchWorld, publisher: RecordPublisher): OutboxRelay {
  const relay = new OutboxRelay({
    schema: SCHEMA,
    database: { connectionString: world.databaseUrl },
    prefix: PREFIX,
    publisher,
  });
  relay.start();
  return relay;
}

/** Reads what was relayed. @throws {Error} where a key's events are not there in their order */
async function demandOrder(transport: KafkaTransport, count: number): Promise<void> {
  const next = new Map<string, number>();
  let read = 0;
  const faults: string[] = [];
  const consumption = await transport.consume({
    groupId: `${PREFIX}order`,
    matches: (kafkaTopic) => kafkaTopic.startsWith(PREFIX),
    handle: ({ records }) => {
      for (const record of records) {
        const decoded = decodeRecord(record);
        const [mark, key = '', number = ''] = decoded.kind === 'event' ? decoded.event.id.split('/') : [];
        if (mark !== 'drain') continue;
        const expected = next.get(key) ?? 0;
        if (Number(number) !== expected) faults.push(`event ${number} of key ${key} came instead of ${expected}`);
        next.set(key, Number(number) + 1);
        read += 1;
      }
      return Promise.resolve();
    },
  });
  while (read < count && faults.length === 0) await delay(50);
  await consumption.stop();
  if (faults[0] !== undefined) throw new Error(`The relay did not keep the order: ${faults[0]}`);
}

/** @returns milliseconds from each commit to the acknowledgement of all replicas */
async function pacedCommits(
  world: BenchWorld,
  transport: KafkaTransport,
  source: TeamDatabase,
): Promise<readonly number[]> {
  const outbox = new OutboxPublisher({ schema: SCHEMA });
  const arrived = new Map<string, number>();
  const publisher = await transport.createPublisher();
  const relay = startRelay(world, {
    publish: async (records, options) => {
      const places = await publisher.publish(records, options);
      const now = performance.now();
      for (const { headers } of records) arrived.set(String(headers['ce_id']), now);
      return places;
    },
    close: () => publisher.close(),
  });
  while ((await relay.status()).buckets === 0) await delay(10);
  const [event] = marked('paced');
  if (event === undefined) throw new Error('there is no event to send');
  const committed = new Map<string, number>();
  await paced(async (number) => {
    const id = `paced/${number}`;
    await source.transaction((manager) =>
      outbox.within(manager).publishBatch([{ ...event, id, subject: `key-${number % KEYS}` }]),
    );
    committed.set(id, performance.now());
  });
  while (arrived.size < committed.size) await delay(10);
  await relay.stop();
  // One may be on Kafka before the writer hears of its own commit.
  return [...committed].map(([id, at]) => Math.max(0, (arrived.get(id) ?? Infinity) - at));
}

/** @returns milliseconds that sending one event took, one call each */
async function pacedSends(transport: KafkaTransport): Promise<readonly number[]> {
  const publisher = await transport.createPublisher();
  const times: number[] = [];
  await paced(async (number) => {
    const begin = performance.now();
    const kafkaTopic = `${PREFIX}lifecycle.waldur.resources`;
    await publisher.publish([{ kafkaTopic, key: `key-${number % KEYS}`, headers: {}, value: 'x'.repeat(700) }]);
    times.push(performance.now() - begin);
  });
  return times;
}

/** Begins so many a second, as long as no more than a dozen are under way, and waits for the last. */
async function paced(work: (number: number) => Promise<void>): Promise<void> {
  const total = PACED.perSecond * PACED.seconds;
  const start = performance.now();
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < total) {
      const number = begun++;
      const due = start + (number / PACED.perSecond) * 1_000;
      if (due > performance.now()) await delay(due - performance.now());
      await work(number);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
