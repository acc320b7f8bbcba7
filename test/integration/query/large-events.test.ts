import { request } from 'node:http';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type AppProcess, startApp } from '../../harness/app-process.js';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { storeEvents } from '../live/live-world.js';

/** Together more than the heap of the image. */
const COUNT = 150;
const BYTES = 1_000_000;
const ADMIN = { authorization: 'Bearer a-token-for-tests-that-is-long-enough' };

let world: ApiWorld;
/** As the image starts it. */
let api: AppProcess;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await storeEvents(world, [{ id: 'large-0', padding: BYTES }]);
  // Of one payload, which is packed well: to store as many by the ingest would take longer than all else.
  await world.pool.query(
    `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
      event_id, subject, message, search_text, data)
    SELECT gen_random_uuid(), time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
      'large-' || n, subject, message, search_text, data FROM events.event, generate_series(1, $1) AS n`,
    [COUNT - 1],
  );
  api = await startApp('events', {
    TIDINGS_ROLES: 'api',
    TIDINGS_ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough',
    TIDINGS_PREFIX: world.environment.kafka.prefix,
    KAFKA_BROKERS: inject('brokers'),
    DATABASE_URL: world.environment.database.url,
  });
});

afterAll(async () => {
  await api.stop();
  await world.close();
});

/** Reads an answer without keeping it. @returns which events were in it, until there are enough or it ends */
async function idsIn(path: string, enough = Infinity): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    const asked = request(new URL(path, api.url), { headers: ADMIN, agent: false }, (response) => {
      let rest = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        const text = rest + chunk;
        for (const [id] of text.matchAll(/large-\d+"/g)) ids.add(id);
        rest = text.slice(-20);
        if (ids.size >= enough) asked.destroy();
      });
      response.on('close', () =>
        response.complete || ids.size >= enough ? resolve() : reject(new Error('It broke off')),
      );
      response.on('error', () => undefined);
    });
    asked.on('error', reject).end();
  });
  return ids;
}

it.each([
  ['a page', '/api/events/?page_size=300&field=id&field=context'],
  ['a page found by its text', '/api/events/?page_size=300&field=id&field=context&q=large'],
  ['the last page', '/api/events/?page_size=300&page=last&field=id&field=context'],
  ['an export', '/api/events/export/?field=id,context'],
])('%s of more than fits the memory is whole', async (_, path) => {
  expect((await idsIn(path)).size).toBe(COUNT);
});

it('streams that resume side by side hand over more than fits the memory', async () => {
  const streams = await Promise.all([1, 2].map(() => idsIn('/v1/stream?last_event_id=0-0', COUNT)));
  expect(streams.map(({ size }) => size)).toEqual([COUNT, COUNT]);
});

it('clients that read nothing take little of it', async () => {
  const stalled = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const path = index % 2 === 0 ? '/v1/stream?last_event_id=0-0' : '/api/events/?page_size=300';
      const asked = request(new URL(path, api.url), { headers: ADMIN, agent: false });
      await new Promise<void>((resolve, reject) => {
        // A query may be refused: one token may not have so many.
        asked
          .on('response', (response) => resolve(void response.pause()))
          .on('error', reject)
          .end();
      });
      return asked;
    }),
  );
  expect((await idsIn('/v1/stream?last_event_id=0-0', 20)).size).toBe(20);
  for (const asked of stalled) asked.destroy();
  await until(async () => (await fetch(`${api.url}/health/ready`)).ok);
});
