import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  PartitionIndexRepository,
  PartitionRepository,
  SearchChunkRepository,
  SearchIndexKeeper,
  SearchIndexRepository,
  SearchTextRepository,
} from '@tidings/events';
import { ApiWorld, type ShownEvent } from '../api-world.js';

const NOW = new Date('2026-11-10T00:00:00Z');

let world: ApiWorld;
let keeper: SearchIndexKeeper;
/** What was stored, oldest first. */
const stored: { readonly created: string; readonly message: string }[] = [];

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  const partitions = new PartitionRepository(world.pool);
  for (const month of [10, 11]) await partitions.create({ year: 2026, month });
  keeper = new SearchIndexKeeper({
    partitions,
    indexes: new SearchIndexRepository(world.pool),
    chunks: new SearchChunkRepository(),
    texts: new SearchTextRepository(),
    partitionIndexes: new PartitionIndexRepository(),
    storedSoFar: () => 0,
    report: () => undefined,
    fewestRows: 6,
    newestRows: 2,
    rest: 0,
  });
  // Before any partition, in a month that is over, and in three parts of the present one.
  await store('2020-01-01T00:', 6);
  await store('2026-10-02T00:', 12);
  for (const [hour, count] of [40, 20, 10].entries()) {
    await store(`2026-11-03T0${hour}:`, count);
    await world.pool.query('ANALYZE events.event');
    await keeper.round(NOW);
  }
});

afterAll(async () => world.close());

/** So many events a second apart, every third with a needle. */
async function store(hour: string, count: number, kept = stored): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    created: `${hour}00:${String(index).padStart(2, '0')}.000000Z`,
    message: `${index % 3 === 0 ? 'A NEEDLE' : 'Hay'} of ${hour}${index}`,
  }));
  await world.storeNative(
    'waldur',
    events.map((event) => ({
      ...event,
      event_type: 'customer_creation_succeeded',
      context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'Thread' },
    })),
  );
  kept.push(...events);
}

const messages = (events: readonly { readonly message: string }[]): string[] => events.map(({ message }) => message);
const needles = (): string[] => messages(stored.filter(({ message }) => message.includes('NEEDLE')));

async function walk(path: string): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer = await world.request(next);
    expect(answer.status).toBe(200);
    found.push(...messages(answer.json<ShownEvent[]>()));
    next = /<[^>]*(\/api\/events\/[^>]*)>; rel="next"/.exec(String(answer.headers.link))?.[1];
  }
  return found;
}

describe('a search', () => {
  it('goes through a store of which parts are indexed', async () => {
    const { rows } = await world.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '_search(_\\d+)?$' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'event_2026_10_search',
      'event_2026_11_search_1',
      'event_2026_11_search_2',
      'event_2026_11_search_3',
    ]);
  });

  it.each([1, 4, 7, 100])('finds each event once, in pages of %s, in both orders', async (size) => {
    expect(await walk(`/api/events/?q=needle&page_size=${size}&o=created`)).toEqual(needles());
    expect(await walk(`/api/events/?message=needle&page_size=${size}`)).toEqual(needles().reverse());
  });

  it('has the same pages by their numbers', async () => {
    const expected = needles().reverse();
    const last = Math.ceil(expected.length / 4);
    for (let page = 1; page <= last; page += 1) {
      const answer = await world.request(`/api/events/?q=needle&page_size=4&page=${page}`);
      expect(messages(answer.json<ShownEvent[]>())).toEqual(expected.slice((page - 1) * 4, page * 4));
      expect(answer.headers['x-result-count']).toBe(String(expected.length));
    }
    const answer = await world.request('/api/events/?q=needle&page_size=4&page=last');
    expect(messages(answer.json<ShownEvent[]>())).toEqual(expected.slice((last - 1) * 4));
    expect((await world.request(`/api/events/?q=needle&page_size=4&page=${last + 1}`)).status).toBe(404);
  });

  it('keeps to a time, and to a text that there is not', async () => {
    const from = Date.parse('2026-11-03T01:00:00Z') / 1000;
    const within = needles().filter((message) => message.includes('2026-11-03T01:'));
    const answer = await world.request(
      `/api/events/?q=needle&created_from=${from}&created_to=${from + 60}&page_size=100`,
    );
    expect(messages(answer.json<ShownEvent[]>())).toEqual(within.reverse());
    expect(answer.headers['x-result-count']).toBe(String(within.length));
    const none = await world.request('/api/events/?q=haystack');
    expect([none.text, none.headers['x-result-count']]).toEqual(['[]', '0']);
  });

  it('counts, lists by time and exports the same', async () => {
    const counted = await world.request('/api/events/count/?q=needle');
    expect(counted.json()).toEqual({ count: needles().length });
    const histogram = await world.request(
      `/api/events/histogram/?q=needle&interval=month&created_from=${Date.parse('2019-12-01T00:00:00Z') / 1000}`,
    );
    const { buckets } = histogram.json<{ buckets: { start: string; count: number }[] }>();
    const inMonth = (month: string): number => needles().filter((message) => message.includes(month)).length;
    expect(buckets.filter(({ count }) => count > 0).map(({ start, count }) => [start.slice(0, 7), count])).toEqual(
      ['2020-01', '2026-10', '2026-11'].map((month) => [month, inMonth(month)]),
    );
    const exported = await world.request('/api/events/export/?q=needle');
    const lines = exported.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ShownEvent);
    expect(messages(lines)).toEqual(needles().reverse());
  });

  it('has each event once while others come in, late ones too, and indexes are made of them', async () => {
    const before = needles();
    const later: typeof stored = [];
    const changing = (async () => {
      for (let hour = 3; hour < 8; hour += 1) {
        await store(`2026-11-03T0${hour}:`, 15, later);
        await store(`2026-11-02T0${hour}:`, 3, later);
        await keeper.round(NOW);
      }
    })();
    for (let round = 0; round < 5; round += 1) {
      const found = await walk('/api/events/?q=needle&page_size=3&o=created');
      expect(new Set(found).size).toBe(found.length);
      expect(found).toEqual(expect.arrayContaining(before));
    }
    await changing;
    stored.push(...later);
    const all = await world.request('/api/events/?q=needle&page_size=300');
    expect(messages(all.json<ShownEvent[]>()).sort()).toEqual(needles().sort());
    // Counted before, and counted on since.
    expect(all.headers['x-result-count']).toBe(String(needles().length));
  });

  it('no longer counts what is deleted', async () => {
    await world.request('/api/events/count/?q=needle');
    await world.pool.query(`DELETE FROM events.event_default`);
    await expect
      .poll(async () => (await world.request('/api/events/count/?q=needle')).json(), { timeout: 30_000 })
      .toEqual({ count: needles().filter((message) => !message.includes('2020-01')).length });
  });
});
