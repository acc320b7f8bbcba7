import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RollupKeeper, RollupRepository } from '@tidings/events';
import { ApiWorld } from '../api-world.js';

interface Shown {
  readonly interval: string;
  readonly by: string | null;
  readonly from: string;
  readonly to: string;
  readonly buckets: readonly { start: string; count: number; values?: Record<string, number> }[];
}

let world: ApiWorld;
let systems: Record<string, number>;
let total: number;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  systems = await world.storeSamples();
  total = Object.values(systems).reduce((sum, count) => sum + count, 0);
});

afterAll(async () => {
  await world.close();
});

const WINDOW = 'created_from=1577836800&created_to=1830297600';

async function histogram(query: string): Promise<Shown> {
  const answer = await world.request(`/api/events/histogram/?${query}`);
  expect([query, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([query, 200, '']);
  return answer.json<Shown>();
}

function sumsOf({ buckets }: Shown): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { values = {} } of buckets)
    for (const [name, count] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Before and after the roll-ups are made. */
describe.each([false, true])('counts of events by time, rolled up: %s', (isRolled) => {
  beforeAll(async () => {
    if (isRolled) await new RollupKeeper(new RollupRepository(world.pool), () => undefined).round();
  });

  it('are divided by a field', async () => {
    const shown = await histogram(`${WINDOW}&interval=month&by=system`);
    expect(shown).toMatchObject({ interval: 'month', by: 'system', from: '2020-01-01T00:00:00.000Z' });
    expect(shown.buckets[0]).toEqual({ start: '2020-01-01T00:00:00.000Z', count: 0, values: {} });
    expect(sumsOf(shown)).toEqual(systems);
  });

  it.each(['week', 'month'])('of each %s add up to the count', async (interval) => {
    const { buckets } = await histogram(`${WINDOW}&interval=${interval}`);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  it.each(['type', 'source', 'site', 'outcome'])('are divided by %s', async (by) => {
    const shown = await histogram(`${WINDOW}&interval=month&by=${by}`);
    const sum = Object.values(sumsOf(shown)).reduce((all, count) => all + count, 0);
    if (by === 'outcome') expect(sum).toBeGreaterThan(0);
    else expect(sum).toBe(total);
  });

  it.each(['system=lxd', 'system!=lxd', 'message=a', 'system=waldur&outcome=succeeded'])(
    'of %s are as many as the list has',
    async (filter) => {
      const { buckets } = await histogram(`${WINDOW}&interval=month&${filter}`);
      const { count } = (await world.request(`/api/events/count/?${WINDOW}&${filter}`)).json<{ count: number }>();
      expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
    },
  );

  it('are told by the month as Waldur does, the latest first', async () => {
    const answer = await world.request('/api/events-stats/?page_size=300');
    const months = answer.json<{ year: number; month: number; count: number }[]>();
    expect(answer.headers['x-result-count']).toBe(String(months.length));
    expect(months.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    const order = months.map(({ year, month }) => year * 12 + month);
    expect(order).toEqual([...order].sort((a, b) => b - a));
  });
});

it.each([
  ['interval=minute', 'interval'],
  ['by=message', 'by'],
  ['interval=hour&created_from=0', 'created_from'],
])('refuses %s and names the field', async (query, field) => {
  const answer = await world.request(`/api/events/histogram/?${query}`);
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.json<object>())).toEqual([field]);
});
