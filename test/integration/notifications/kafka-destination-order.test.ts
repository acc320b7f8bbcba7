import { randomUUID } from 'node:crypto';
import { catalogue } from '@tidings/catalogue';
import { encodeEvent, KafkaTransport, lifecycleTopics } from '@tidings/transport';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { DeliveryWorld } from '../../bench/delivery-world.js';
import { ADMIN_TOKEN } from '../../bench/world.js';
import { type AppProcess, startApp } from '../../harness/app-process.js';
import { freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';

const TYPE = 'com.waldur.customer_creation_succeeded';
const ENTITIES = 3;
const COUNT = 600;
const prefix = freshPrefix();
const brokers = inject('brokers');
const transport = new KafkaTransport({ brokers: brokers.split(','), clientId: 'test' });
const apps: AppProcess[] = [];
let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  const topics = { prefix, partitions: 2, replicationFactor: 1, retentionHours: 1, maxEventBytes: 1 << 20 };
  await transport.ensureTopics(lifecycleTopics(catalogue, topics));
});
afterAll(async () => {
  for (const app of apps) await app.stop();
  await transport.close();
  await database.drop();
});

it('two dispatchers keep the order of every entity at a Kafka destination', async () => {
  const env = {
    TIDINGS_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDINGS_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
    TIDINGS_PREFIX: prefix,
    KAFKA_BROKERS: brokers,
    DATABASE_URL: database.url,
  };
  const first = await startApp('notifications', { ...env, TIDINGS_ROLES: 'match,deliver,api' });
  apps.push(first, await startApp('notifications', { ...env, TIDINGS_ROLES: 'deliver' }));
  const world = new DeliveryWorld(first.url, database.url);
  const out = `${prefix}out-${randomUUID()}`;
  await transport.ensureTopics([{ kafkaTopic: out, partitions: 1, replicationFactor: 1 }]);
  await world.kafkaRecipient(await world.topic('waldur'), brokers, out);
  const declared = catalogue.type(TYPE);
  if (declared === undefined) throw new Error(`The catalogue has no ${TYPE}`);
  const publisher = await transport.createPublisher();
  await publisher.publish(
    Array.from({ length: COUNT }, (_, n) =>
      encodeEvent(
        prefix + declared.kafkaTopic,
        {
          id: String(n),
          type: TYPE,
          source: '/waldur/main',
          subject: `entity-${n % ENTITIES}`,
          time: new Date().toISOString(),
        },
        JSON.stringify(declared.example),
      ),
    ),
  );
  const arrived: number[] = [];
  await transport.consume({
    groupId: `${prefix}${randomUUID()}`,
    matches: (name) => name === out,
    handle: ({ records }) => {
      for (const { headers } of records) arrived.push(Number(String(headers['ce_id'])));
      return Promise.resolve();
    },
  });
  await until(() => arrived.length >= COUNT, { timeout: 110_000 });
  await world.close();
  for (let entity = 0; entity < ENTITIES; entity += 1) {
    const own = arrived.filter((n) => n % ENTITIES === entity);
    expect(own).toEqual(Array.from({ length: COUNT / ENTITIES }, (_, n) => n * ENTITIES + entity));
  }
});
