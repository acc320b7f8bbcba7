import { createDataSource } from '@tidings/database';
import { EVENTS_MIGRATIONS, EVENTS_SCHEMA } from '@tidings/events';
import { Client } from 'pg';
import { startApp } from '../harness/app-process.js';
import { freshDatabase } from '../harness/fresh-database.js';
import { benchEvents } from './events.js';
import { type Figure, percentile, progress } from './figures.js';
import { recordOf } from './publish.js';
import { lastSequence, storedRate } from './stored-rate.js';
import { ADMIN_TOKEN, kafkaTopics, PARTITIONS } from './world.js';

const EVENTS = 150_000;
const ROUNDS = 3;
const BATCH = 1_000;
const AIM = 0.8;

/** The same events into an empty store and into the large one, in turn. */
export async function growthFigures(brokers: readonly string[], databaseUrl: string): Promise<readonly Figure[]> {
  const rates = { empty: new Array<number>(), full: new Array<number>() };
  // An identity is stored once: each run, and each round, has its own.
  const run = Date.now().toString(36);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const which of ['empty', 'full'] as const) {
      progress(`ingest into the ${which} store, round ${round + 1} of ${ROUNDS}`);
      const prefix = `${which}${round}.`;
      await preload(brokers, prefix, `${run}-${round}`);
      const fresh = which === 'empty' ? await freshDatabase(databaseUrl) : undefined;
      rates[which].push(await ingestRate(brokers, fresh?.url ?? databaseUrl, prefix));
      await fresh?.drop();
    }
  }
  const [empty, full] = [percentile(rates.empty, 0.5), percentile(rates.full, 0.5)];
  return [
    {
      name: `ingest into the large store, median of ${ROUNDS}`,
      unit: 'events/s',
      value: full,
      limit: { of: 'into the empty store', value: empty },
      aim: { text: `≥ ${AIM} ×`, reached: full >= AIM * empty },
    },
  ];
}

async function preload(brokers: readonly string[], prefix: string, run: string): Promise<void> {
  const transport = await kafkaTopics(brokers, prefix);
  const publisher = await transport.createPublisher();
  const records = benchEvents(EVENTS).map((event, index) => recordOf(event, `${run}-${index}`, prefix));
  for (let at = 0; at < records.length; at += BATCH) await publisher.publish(records.slice(at, at + BATCH));
  await transport.close();
}

async function ingestRate(brokers: readonly string[], databaseUrl: string, prefix: string): Promise<number> {
  await migrate(databaseUrl);
  const client = new Client(databaseUrl);
  await client.connect();
  const from = await lastSequence(client);
  const app = await startApp('events', {
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: databaseUrl,
    KAFKA_PARTITIONS: String(PARTITIONS),
    TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDINGS_PREFIX: prefix,
    TIDINGS_ROLES: 'ingest',
    LOG_LEVEL: 'warn',
  });
  try {
    return await storedRate(client, EVENTS, from);
  } finally {
    await app.stop();
    await client.end();
  }
}

async function migrate(url: string): Promise<void> {
  const dataSource = await createDataSource({
    url,
    applicationName: 'bench',
    schema: EVENTS_SCHEMA,
    migrations: EVENTS_MIGRATIONS,
    poolSize: 1,
  });
  await dataSource.destroy();
}
