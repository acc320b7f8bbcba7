import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { startApp, type AppProcess } from '../../harness/app-process.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';
import { DeliveryWorld, KEY } from './delivery-world.js';
import { WebhookSink } from './webhook-sink.js';

const DELIVERIES = 3_000;

let world: DeliveryWorld;
let sink: WebhookSink;
let dispatcher: AppProcess | undefined;

beforeEach(async () => {
  world = await DeliveryWorld.create(inject('databaseUrl'));
  sink = await WebhookSink.open();
});

afterEach(async () => {
  await dispatcher?.stop();
  await world.close();
  await sink.close();
});

async function start(): Promise<AppProcess> {
  return startApp('notifications', {
    TIDINGS_ROLES: 'deliver',
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_SECRET_KEY: KEY,
    TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
    TIDINGS_ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough',
    KAFKA_BROKERS: inject('brokers'),
    DATABASE_URL: world.databaseUrl,
  });
}

async function delivered(count: number): Promise<void> {
  await until(async () => ((await world.states())['delivered'] ?? 0) >= count, { timeout: 60_000 });
}

it('a dispatcher that is killed loses nothing, and repeats only what it had under way', async () => {
  const recipient = await world.recipient({ url: sink.url });
  dispatcher = await start();
  await world.queue([recipient], DELIVERIES);
  await delivered(DELIVERIES / 3);
  await dispatcher.stop('SIGKILL');
  const { leased = 0 } = await world.states();
  // Instead of waiting for the leases' own end.
  await world.pool.query(`UPDATE notifications.delivery SET lease_until = now() WHERE state = 'leased'`);
  dispatcher = await start();
  await delivered(DELIVERIES);
  const counts = [...sink.counts().values()];
  expect(counts).toHaveLength(DELIVERIES);
  expect(sink.received.length).toBeLessThanOrEqual(DELIVERIES + leased);
});

it('a dispatcher that is told to stop under load ends in time, and nothing comes twice', async () => {
  const recipient = await world.recipient({ url: sink.url });
  dispatcher = await start();
  await world.queue([recipient], DELIVERIES);
  await delivered(DELIVERIES / 3);
  expect(await dispatcher.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  expect((await world.states())['leased']).toBeUndefined();
  dispatcher = await start();
  await delivered(DELIVERIES);
  expect(sink.received).toHaveLength(DELIVERIES);
  expect(sink.counts().size).toBe(DELIVERIES);
});
