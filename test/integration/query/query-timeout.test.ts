import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld } from '../api-world.js';

const UUID = '47eaa0992cb6416d86dc283cf0480ff9';

let world: ApiWorld;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), brokers: inject('brokers') };
  world = await ApiWorld.create(servers, 'api', { DATABASE_QUERY_TIMEOUT_MS: '400' });
  await world.storeSamples();
});

afterAll(async () => {
  await world.close();
});

/** While the work goes on, whoever reads the table waits for it. */
async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
  const client: PoolClient = await world.pool.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await work();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('a query that takes too long', () => {
  it.each([
    ['events.event', '/api/events/'],
    ['events.event', '/api/events/?page=2&page_size=1'],
    ['events.event', '/api/events/?customer_uuid=' + UUID],
    ['events.event', '/api/events/?message=created'],
    ['events.event', '/api/events/count/'],
    ['events.event', `/api/events/${UUID}/`],
    ['events.event', '/api/events/histogram/?by=outcome'],
    ['events.rollup', '/api/events/histogram/?by=type'],
    ['events.rollup', '/api/events-stats/'],
    ['events.rollup', '/api/events/'],
    ['events.event_type', '/api/events/'],
    ['events.event_type', '/api/events/count/'],
  ])('is given up and said so: of %s, %s', async (table, path) => {
    // Whatever is read once only has been read.
    expect((await world.request(path)).status).toBe(path.includes(`/${UUID}`) ? 404 : 200);
    await whileLocked(table, async () => {
      const answer = await world.request(path);
      expect(answer.status).toBe(503);
      expect(answer.json()).toMatchObject({
        code: 'query_timeout',
        detail: 'The query takes too long. Narrow it, for example by time, type or customer.',
      });
    });
    expect((await world.request(path)).status).toBe(path.includes(`/${UUID}`) ? 404 : 200);
  });

  it('costs no connection: more of them than there are connections, and then all is well', async () => {
    await whileLocked('events.event', async () => {
      const answers = await Promise.all(Array.from({ length: 25 }, () => world.request('/api/events/')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    });
    const answers = await Promise.all(Array.from({ length: 25 }, () => world.request('/api/events/')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
