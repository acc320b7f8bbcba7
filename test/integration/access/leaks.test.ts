import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { REPOSITORY } from '../../harness/repository.js';
import { until } from '../../harness/until.js';
import { type Answer, ApiWorld, type ShownEvent } from '../api-world.js';
import { SseClient } from '../live/sse-client.js';

let world: ApiWorld;

const SITES = ['north', 'south'] as const;
type Site = (typeof SITES)[number];

const SAMPLES = {
  waldur: 'waldur-webhook.ndjson',
  lxd: 'lxd-events.ndjson',
  cds: 'cds-webhook.ndjson',
  ibm: 'ibm-cloudevents.ndjson',
} as const;

/** Somebody who may see the events of one site, of all systems; and what is there. */
interface Party {
  readonly site: Site;
  readonly headers: Readonly<Record<string, string>>;
  /** 32 hex digits. */
  ids: readonly string[];
  numbers: readonly string[];
}

const parties = new Map<Site, Party>();

function partyOf(site: Site): Party {
  const party = parties.get(site);
  if (party === undefined) throw new Error(`Nobody is at ${site}`);
  return party;
}

const otherThan = (site: Site): Party => partyOf(site === 'north' ? 'south' : 'north');

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  for (const site of SITES) {
    for (const [system, file] of Object.entries(SAMPLES)) {
      const lines = readFileSync(join(REPOSITORY, 'test', 'samples', file), 'utf8')
        .split('\n')
        .filter(Boolean)
        // The sites differ in how much they have, so that a count tells whose it is.
        .slice(site === 'north' ? 0 : 1);
      await world.storeNative(system, lines, site);
    }
    const answer = await world.request('/api/tokens/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: site,
        permissions: ['events:read'],
        scopes: Object.keys(SAMPLES).map((system) => `${system}:${site}`),
      }),
    });
    expect(answer.status, answer.text).toBe(201);
    const { token } = answer.json<{ token: string }>();
    parties.set(site, { site, headers: { authorization: `Bearer ${token}` }, ids: [], numbers: [] });
  }
  for (const party of parties.values()) await count(party);
});

afterAll(async () => world.close());

async function count(party: Party): Promise<void> {
  const { rows } = await world.pool.query<{ id: string; sequence: string }>(
    `SELECT replace(e.id::text, '-', '') AS id, e.sequence::text FROM events.event e
    JOIN events.source s ON s.id = e.source_id WHERE s.site = $1 ORDER BY e.id DESC`,
    [party.site],
  );
  expect(rows.length).toBeGreaterThan(10);
  party.ids = rows.map(({ id }) => id);
  party.numbers = rows.map(({ sequence }) => sequence);
}

const ask = (party: Party, path: string): Promise<Answer> => world.request(path, { headers: party.headers });

async function asked(party: Party, path: string): Promise<Answer> {
  const answer = await ask(party, path);
  expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  expectNothingForeign(party, JSON.stringify(answer.headers) + answer.text);
  return answer;
}

function expectNothingForeign({ site }: Party, text: string): void {
  const foreign = otherThan(site);
  for (const id of foreign.ids) expect(text).not.toContain(id);
  expect(text).not.toMatch(new RegExp(`/(waldur|lxd|cds|ibm)/${foreign.site}|secret-of-${foreign.site}-`));
}

/** All numbers under the name `count`, wherever they stand. */
function sumOfCounts(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  return Object.entries(json).reduce(
    (sum, [name, value]) => sum + (name === 'count' && typeof value === 'number' ? value : sumOfCounts(value)),
    0,
  );
}

async function tryList(party: Party): Promise<void> {
  const seen: string[] = [];
  for (let page = 1; seen.length < party.ids.length; page += 1) {
    const answer = await asked(party, `/api/events/?page_size=50&page=${page}`);
    expect(Number(answer.headers['x-result-count'])).toBe(party.ids.length);
    seen.push(...answer.json<ShownEvent[]>().map(({ uuid }) => uuid));
  }
  expect(seen).toEqual(party.ids);
  // What narrows to somebody else's shows nothing, rather than theirs.
  const { site } = otherThan(party.site);
  for (const query of [`site=${site}`, `source=/lxd/${site}`, `site!=${party.site}`]) {
    expect((await asked(party, `/api/events/?${query}`)).json(), query).toEqual([]);
  }
  // A scope of somebody else's is as unknown as one that does not exist.
  const [foreign, nobodys] = await Promise.all(
    [site, 'nowhere'].map((name) => ask(party, `/api/events/?scope=lxd:${name}`)),
  );
  expect([foreign?.status, foreign?.text]).toEqual([nobodys?.status, nobodys?.text]);
}

async function tryCount(party: Party): Promise<void> {
  expect((await asked(party, '/api/events/count/')).json()).toEqual({ count: party.ids.length });
  const { site } = otherThan(party.site);
  expect((await asked(party, `/api/events/count/?site=${site}`)).json()).toEqual({ count: 0 });
}

async function tryExport(party: Party): Promise<void> {
  const { site } = otherThan(party.site);
  for (const format of ['ndjson', 'csv']) {
    const { text } = await asked(party, `/api/events/export/?format=${format}&field=uuid`);
    expect(text.match(/[0-9a-f]{32}/g)).toEqual(party.ids);
    const none = await asked(party, `/api/events/export/?format=${format}&site=${site}`);
    expect(none.text).not.toMatch(/[0-9a-f]{32}/);
  }
}

async function tryRetrieve(party: Party): Promise<void> {
  expect((await ask(party, `/api/events/${party.ids[0]}/`)).status).toBe(200);
  expect((await ask(party, `/api/events/${party.numbers[0]}/`)).status).toBe(200);
  const nowhere = await ask(party, `/api/events/${'0'.repeat(32)}/`);
  for (const id of [...otherThan(party.site).ids.slice(0, 20), ...otherThan(party.site).numbers.slice(0, 20)]) {
    const answer = await ask(party, `/api/events/${id}/`);
    // The same as what does not exist: not even that it is there is told.
    expect([answer.status, answer.text]).toEqual([nowhere.status, nowhere.text]);
    expect(answer.status).toBe(404);
  }
}

async function tryRelated(party: Party): Promise<void> {
  for (const id of party.ids.slice(0, 10)) await asked(party, `/api/events/${id}/related/`);
  for (const id of otherThan(party.site).ids.slice(0, 10)) {
    expect((await ask(party, `/api/events/${id}/related/`)).status).toBe(404);
  }
}

async function tryHistogram(party: Party): Promise<void> {
  const answer = await asked(party, '/api/events/histogram/?created_from=1791000000&created_to=1796000000');
  expect(sumOfCounts(answer.json())).toBeLessThanOrEqual(party.ids.length);
}

async function tryStats(party: Party): Promise<void> {
  const answer = await asked(party, '/api/events-stats/');
  expect(sumOfCounts(answer.json())).toBeLessThanOrEqual(party.ids.length);
}

/** Something that happens at both sites, at the other one first: when one's own has come, nothing else will. */
async function happensAtBoth(party: Party, what: string): Promise<void> {
  for (const { site } of [otherThan(party.site), party]) {
    const time = new Date().toISOString();
    const name = `secret-of-${site}-${what}`;
    const metadata = {
      action: 'instance-created',
      source: `/1.0/instances/${name}`,
      name,
      project: 'default',
      context: {},
    };
    await world.storeNative('lxd', [{ type: 'lifecycle', timestamp: time, project: 'default', metadata }], site);
  }
  await Promise.all([...parties.values()].map(count));
}

async function tryStream(party: Party): Promise<void> {
  const stream = await SseClient.open(world.url, '/v1/stream?since=1', party.headers);
  try {
    expect(stream.response.statusCode).toBe(200);
    await until(() => stream.messages.length >= party.ids.length, { what: 'what was stored before' });
    await happensAtBoth(party, `sse-for-${party.site}`);
    const texts = (): string => stream.messages.map(({ data }) => data).join('\n');
    await until(() => texts().includes(`secret-of-${party.site}-sse-for-${party.site}`), { what: 'the live event' });
    expect(stream.messages).toHaveLength(party.ids.length);
    expectNothingForeign(party, texts());
  } finally {
    stream.close();
  }
  await trySocket(party, '/v1/stream');
}

async function trySocket(party: Party, path: string): Promise<void> {
  const socket = new WebSocket(new URL(path, world.url.replace('http', 'ws')), { headers: party.headers });
  const received: string[] = [];
  socket.on('message', (data: Buffer) => received.push(data.toString('utf8')));
  try {
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const what = `socket-${path.length}-for-${party.site}`;
    let round = 0;
    // It follows from some moment after it was opened on, which it does not tell.
    await until(
      async () => {
        await happensAtBoth(party, `${what}-${round++}`);
        return received.some((text) => text.includes(`secret-of-${party.site}-${what}`));
      },
      { what: `an event over ${path}` },
    );
    expectNothingForeign(party, received.join('\n'));
  } finally {
    socket.terminate();
  }
}

/** How each route that shows events is tried. */
const TRIES: Readonly<Record<string, (party: Party) => Promise<void>>> = {
  '/api/events': tryList,
  '/api/events/count': tryCount,
  '/api/events/export': tryExport,
  '/api/events/histogram': tryHistogram,
  '/api/events/:id': tryRetrieve,
  '/api/events/:id/related': tryRelated,
  '/api/events-stats': tryStats,
  '/v1/stream': tryStream,
  '/1.0/events': (party) => trySocket(party, '/1.0/events?all-projects=true'),
};

/** Routes that show no events, whoever asks. */
const WITHOUT_EVENTS: ReadonlySet<string> = new Set([
  '/',
  '/1.0',
  '/api/catalogue',
  '/api/catalogue/:type',
  '/api/events/event_groups',
  '/api/events/scope_types',
  '/docs',
  '/docs/openapi.json',
  '/health/live',
  '/health/ready',
  '/metrics',
]);

/** What a reader has no permission for: these show what belongs to all. */
const OPERATORS_ONLY: ReadonlySet<string> = new Set(['admin', 'dead-letters', 'notifications:admin']);

describe('two readers with nothing in common', () => {
  it('know of no route that this test does not try', () => {
    const unknown = world.routes
      .filter(({ method, access }) => method === 'GET' && !OPERATORS_ONLY.has(access ?? ''))
      .filter(({ path }) => !WITHOUT_EVENTS.has(path) && !Object.hasOwn(TRIES, path))
      .map(({ path }) => path);
    expect(unknown).toEqual([]);
  });

  it.each(SITES)('are kept from what shows events of all: %s', async (site) => {
    const party = partyOf(site);
    const routes = world.routes.filter(({ method, access }) => method === 'GET' && OPERATORS_ONLY.has(access ?? ''));
    expect(routes.length).toBeGreaterThan(0);
    for (const { path } of routes) expect((await ask(party, path.replace(/:\w+/g, '1'))).status, path).toBe(403);
  });

  describe.each(SITES)('%s', (site) => {
    it.each(Object.entries(TRIES))('sees nothing of the other by %s', async (path, attempt) => {
      if (world.routes.some((route) => route.path === path)) await attempt(partyOf(site));
    });
  });
});
