import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HOSTILE_BODIES, HOSTILE_QUERIES, HOSTILE_TEXTS, HOSTILE_TYPES, spoiledCursors } from './hostile-input.js';
import { type DocumentedRoute, HostileWorld } from './hostile-world.js';

let world: HostileWorld;
let routes: readonly DocumentedRoute[];

beforeAll(async () => {
  world = await HostileWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  routes = await world.routes();
});
afterAll(async () => world.close());

const ID = '019b2a3c-4d5e-7f60-8122-33445566778f';
const MEGABYTE = 'x'.repeat(1_000_000);

const of = (...methods: string[]): DocumentedRoute[] => routes.filter(({ method }) => methods.includes(method));

/** A path with something for its parameter. */
const filled = (path: string, value: string = ID): string =>
  path.replace('{system}', 'waldur').replace(/\{\w+\}/, encodeURIComponent(value));

/** One after the other: more exports than a few at once are refused with a 503, and rightly. */
async function askAll(path: string, queries: readonly string[]): Promise<void> {
  for (const query of queries) await world.ask(`${filled(path)}?${query}`);
}

async function stillAnswers(): Promise<void> {
  expect((await world.ask('/health/live')).status).toBe(200);
  expect(JSON.parse((await world.ask('/api/events/count/')).text)).toEqual({ count: 0 });
  expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
}

describe('every route that is asked with GET', { timeout: 300_000 }, () => {
  it('bears hostile text in each of its parameters', async () => {
    expect(of('GET').length).toBeGreaterThan(20);
    for (const { path, parameters } of of('GET')) {
      // Every text in some parameter and every parameter with some texts, SQL among them.
      const each = parameters.flatMap((name, index) =>
        [0, 1, 2, 3 + (index % (HOSTILE_TEXTS.length - 3))].map(
          (at) => `${encodeURIComponent(name)}=${encodeURIComponent(HOSTILE_TEXTS[at] ?? '')}`,
        ),
      );
      await askAll(path, each);
      const all = HOSTILE_TEXTS.map((text) =>
        parameters.map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(text.slice(0, 100))}`).join('&'),
      );
      await askAll(path, all);
    }
    await stillAnswers();
  });

  it('bears queries that are broken, deep, doubled, or named as what objects inherit', async () => {
    for (const { path } of of('GET', 'HEAD')) {
      await askAll(path, HOSTILE_QUERIES);
    }
    await stillAnswers();
  });

  it('answers a query of a megabyte with 431, or cuts it off, and lives', async () => {
    for (const { path, parameters } of of('GET')) {
      const name = parameters[0] ?? 'q';
      const answer = await world.talk(`GET ${filled(path)}?${name}=${MEGABYTE} HTTP/1.1\r\nHost: x\r\n\r\n`);
      // Who goes on sending may lose what was answered.
      if (answer !== '') expect(answer, path).toMatch(/^HTTP\/1\.1 431 [^]*"code":"headers_too_large"\}$/);
    }
    await stillAnswers();
  });
});

describe('every route with an id', { timeout: 120_000 }, () => {
  it.each(['GET', 'DELETE', 'POST'])('bears hostile text in its place with %s', async (method) => {
    const withId = of(method).filter(({ path }) => path.includes('{'));
    expect(withId.length).toBeGreaterThan(1);
    const escapes = ['%00', '%ed%a0%80', '%ff', '%zz', '%2e%2e%2f', 'x'.repeat(600), ';a=b', '__proto__'];
    const ids = [...HOSTILE_TEXTS.map((text) => encodeURIComponent(text)), ...escapes];
    for (const { path } of withId) {
      const answers = await Promise.all(
        ids.map((id) =>
          world.ask(
            path.replace(/\{\w+\}/, () => id),
            { method },
          ),
        ),
      );
      // Any address below the console is one of its screens: the page is the same for all of them.
      const expected = path.startsWith('/console/') ? [200, 400, 404, 503] : [400, 404, 405, 414];
      for (const { status } of answers) expect(expected, path).toContain(status);
    }
    await stillAnswers();
  });
});

describe('a cursor', () => {
  it('that was forged, cut short, or sealed by somebody else is no page', async () => {
    const cursors = spoiledCursors(`c${Buffer.alloc(39, 7).toString('base64url')}`);
    for (const path of ['/api/events/', `/api/events/${ID}/related/`]) {
      for (const cursor of cursors) {
        for (const name of ['cursor', 'page']) {
          const answer = await world.ask(`${path}?${name}=${encodeURIComponent(cursor)}`);
          expect(answer.status, `${path} ${name}=${cursor.slice(0, 80)}`).toBe(404);
        }
      }
    }
  });
});

describe('every route that takes a body', { timeout: 300_000 }, () => {
  const BODY = '{"name":"x"}';

  it('bears whatever the body is', async () => {
    expect(of('POST').length).toBeGreaterThan(3);
    for (const { path } of of('POST')) {
      for (const body of HOSTILE_BODIES) {
        await world.ask(filled(path), { method: 'POST', contentType: 'application/json', body });
      }
    }
    await stillAnswers();
  });

  it('bears whatever the body is said to be', async () => {
    for (const { path } of of('POST')) {
      for (const contentType of HOSTILE_TYPES) {
        await world.ask(filled(path), { method: 'POST', contentType, body: BODY });
      }
    }
    await stillAnswers();
  });

  it('makes no token and nobody an administrator by it', async () => {
    const tokens = JSON.parse((await world.ask('/api/tokens/')).text) as unknown[];
    expect(tokens).toEqual([]);
  });
});
