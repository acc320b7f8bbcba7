import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type SwallowingProxy, swallowingProxy } from '../../harness/swallowing-proxy.js';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { openSse, storeEvents } from './live-world.js';

let proxy: SwallowingProxy;
let world: ApiWorld;
beforeAll(async () => {
  proxy = await swallowingProxy(inject('databaseUrl'));
  world = await ApiWorld.create({ databaseUrl: proxy.url, brokers: inject('brokers') });
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

it('streams go on, and begin, after the connections to the database were swallowed', async () => {
  const stream = await (await openSse(world.url)).live();
  await storeEvents(world, [{ id: 'before' }]);
  await until(() => stream.eventIds.includes('before'));
  proxy.swallow();
  const { pathname } = new URL(world.environment.database.url ?? '');
  const writer = new Client(Object.assign(new URL(inject('databaseUrl')), { pathname }).href);
  await writer.connect();
  await writer.query(`INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset,
      conforming, event_id, message, data)
    SELECT gen_random_uuid(), time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming, 'behind',
      message, data FROM events.event WHERE event_id = 'before'`);
  await writer.end();
  await until(() => stream.eventIds.includes('behind'), { what: 'the stream to go on' });
  const further = await (await openSse(world.url, `?last_event_id=${stream.messages[0]?.id}`)).live();
  expect(further.eventIds).toEqual(['behind']);
  await until(async () => (await world.request('/health/ready')).status === 200);
  stream.close();
  further.close();
});
