import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { SseClient } from '../live/sse-client.js';
import {
  isAskedFor,
  isVisible,
  type KnownEvent,
  momentOf,
  queryOf,
  randomEvent,
  randomParameters,
  randomScopes,
} from './random-events.js';

const EVENTS = 150;
const RUNS = 300;
/** Milliseconds; on a slow machine there are fewer runs. */
const BUDGET = 25_000;

/** Another one each time; what failed can be had again with it. */
const SEED = Number(process.env['TIDINGS_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let world: ApiWorld;
let known: readonly KnownEvent[];
const tokens = new Map<string, string>();

beforeAll(async () => {
  process.stdout.write(`\nRandom events and filters of TIDINGS_TEST_SEED=${SEED}\n`);
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  const sent = Array.from(
    { length: EVENTS },
    (_, number) => fc.sample(randomEvent(number), { numRuns: 1, seed: SEED + number })[0],
  ).filter((event) => event !== undefined);
  for (const { system, native, site } of sent) await world.storeNative(system, [native], site);
  const fields = [
    'created',
    'event_type',
    'message',
    'context',
    'type',
    'source',
    'id',
    'subject',
    'outcome',
    'conforming',
  ];
  const { text } = await world.request(`/api/events/export/?field=${fields.join(',')}`);
  const shown = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as KnownEvent['shown']);
  known = sent.map((event, number) => {
    const own = shown.find(({ created }) => created === momentOf(number));
    if (own === undefined) throw new Error(`Event ${number} was not stored`);
    return { ...event, shown: own };
  });
  expect(shown).toHaveLength(EVENTS);
});

afterAll(async () => world.close());

async function headersFor(scopes: readonly string[]): Promise<{ authorization: string }> {
  const key = scopes.join(' ');
  const token = tokens.get(key) ?? (await world.makeToken(scopes));
  tokens.set(key, token);
  return { authorization: `Bearer ${token}` };
}

/** What a stream says of the past: each event is looked at in memory there. */
async function streamed(query: string, headers: { authorization: string }): Promise<string[]> {
  const stream = await SseClient.open(world.url, `/v1/stream?since=0&${query}`, headers);
  try {
    if (stream.response.statusCode !== 200) throw new Error(`A stream was answered ${stream.response.statusCode}`);
    await until(() => stream.isLive, { interval: 2, what: 'the past to be over' });
    return stream.eventIds;
  } finally {
    stream.close();
  }
}

it(
  'finds the same by SQL, by the stream’s matching and by counting, whoever asks for whatever',
  { timeout: 120_000 },
  async () => {
    let runs = 0;
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(randomParameters, randomScopes, async (parameters, scopes) => {
        const headers = await headersFor(scopes);
        const query = queryOf(parameters);
        const expected = known
          .filter((event) => isVisible(event, scopes) && isAskedFor(event, parameters))
          .map(({ shown }) => shown.id)
          .sort();
        const [list, count, live] = await Promise.all([
          world.request(`/api/events/?page_size=300&field=id&${query}`, { headers }),
          world.request(`/api/events/count/?${query}`, { headers }),
          streamed(query, headers),
        ]);
        expect([list.status, count.status], list.text).toEqual([200, 200]);
        const listed = list.json<{ id: string }[]>().map(({ id }) => id);
        expect({
          listed: listed.sort(),
          live: live.sort(),
          headed: Number(list.headers['x-result-count']),
          counted: count.json<{ count: number }>().count,
        }).toEqual({ listed: expected, live: expected, headed: expected.length, counted: expected.length });
        runs += 1;
        if (expected.length > 0 && expected.length < EVENTS) hits += 1;
      }),
      { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: BUDGET },
    );
    process.stdout.write(`\n${runs} queries, ${hits} of which found some events and not others\n`);
    // Queries that find nothing prove little.
    expect(hits).toBeGreaterThan(runs / 10);
  },
);
