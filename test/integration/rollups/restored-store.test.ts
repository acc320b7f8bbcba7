import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { openSse, storeEvents } from '../live/live-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') }, 'ingest,api');
});
afterAll(async () => world.close());

const ids = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, number) => `${name}-${number}`);
const store = (names: readonly string[]): Promise<void> =>
  storeEvents(
    world,
    names.map((id) => ({ id })),
  );
const counted = async (): Promise<number> =>
  (await world.request('/api/events-stats/')).json<{ count: number }[]>().reduce((sum, { count }) => sum + count, 0);

it('a store that was restored into a server of fewer transactions counts and streams what is new', async () => {
  const [before, after, later] = [ids('before', 10), ids('after', 5), ids('later', 3)];
  await store(before);
  const old = await (await openSse(world.url)).live();
  await until(async () => (await counted()) === 10);
  // As a dump of another server has it.
  const raised = '(transaction::text::bigint + 1000000000)::text::xid8';
  await world.pool.query(`UPDATE events.event SET transaction = ${raised}`);
  await world.pool.query(`UPDATE events.rollup_state SET transaction = ${raised}`);
  await store(after);
  await until(async () => (await counted()) === 15);
  expect((await world.request('/api/events/')).headers['x-result-count']).toBe('15');
  // It had a position of before: it is told, and begins anew.
  await until(() => old.isEnded || old.eventIds.length > 0);
  const stream = await openSse(world.url, '?since=2026-01-01T00:00:00Z');
  await stream.live();
  expect([...stream.eventIds].sort()).toEqual([...before, ...after].sort());
  expect(stream.eventIds.slice(10)).toEqual(after);
  await store(later);
  await until(() => stream.eventIds.length === 18);
  expect(stream.eventIds.slice(15)).toEqual(later);
  stream.close();
  old.close();
});
