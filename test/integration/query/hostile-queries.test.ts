import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld, type ShownEvent } from '../api-world.js';

let world: ApiWorld;

const PARAMETERS = [
  'created_from',
  'created_to',
  'message',
  'o',
  'event_type',
  'feature',
  'system',
  'event_type!',
  'q',
  'scope',
  'site',
  'source!',
  'subject',
  'outcome',
  'conforming',
  'cursor',
  'customer_uuid',
  'project_uuid',
  'user_uuid',
  'related_user_uuid',
  'auth_method',
  'pat_uuid',
  'field',
  'page',
  'page_size',
];

const HOSTILE = [
  "' OR '1'='1",
  "'; DROP TABLE events.event; --",
  '$1',
  '{"a":1}',
  '{1,2}',
  '%',
  '\\',
  '\u0000',
  'a\u0000b',
  '\uD83D\uDCA5',
  '\uFFFF',
  '-0',
  '1e308',
  '9'.repeat(1000),
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '<script>',
  '\r\nX-Injected: 1',
  ',,,',
  'x'.repeat(8000),
];

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await world.storeSamples();
});

afterAll(async () => world.close());

describe('whatever a parameter holds', () => {
  it.each(PARAMETERS)('%s never breaks the server, and never widens the answer', async (parameter) => {
    for (const value of HOSTILE) {
      const query = `${parameter}=${encodeURIComponent(value)}`;
      for (const path of ['/api/events/', '/api/events/count/', '/api/events/1/', '/api/events/event_groups/']) {
        const answer = await world.request(`${path}?${query}`);
        expect([200, 400, 404], `${path}?${query}: ${answer.text}`).toContain(answer.status);
        expect(answer.headers['x-injected']).toBeUndefined();
      }
      const doubled = await world.request(`/api/events/?${query}&${query}&${parameter}[]=x&${parameter}.x=y`);
      expect([200, 400, 404, 414, 431]).toContain(doubled.status);
    }
    expect((await world.request('/api/events/count/')).json()).toEqual({ count: 123 });
  });

  it('broken escapes do no harm', async () => {
    for (const query of ['message=%', 'message=%zz', 'message=%ff%fe', '%00=%00', '=', '&&&', '?', 'page=%ff']) {
      const answer = await world.request(`/api/events/?${query}`);
      expect([200, 400, 404], query).toContain(answer.status);
    }
  });

  it('random text in any of them is answered', async () => {
    const pair = fc.tuple(fc.constantFrom(...PARAMETERS), fc.string({ unit: 'binary', maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 5 }), async (pairs) => {
        const answer = await world.request(`/api/events/?${new URLSearchParams(pairs).toString()}`);
        expect([200, 400, 404]).toContain(answer.status);
        for (const link of String(answer.headers.link ?? '<>; rel="x"').split(',')) {
          expect(link).toMatch(/^ ?<[^<>",]*>; rel="\w+"$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a search in the messages', () => {
  it('takes any text literally', async () => {
    // Everything that LIKE could take for more than itself, and letters in both cases.
    const text = fc.string({
      unit: fc.constantFrom('%', '_', '\\', 'a', 'A', 'ä', 'Ä', ' ', "'", '$'),
      minLength: 1,
      maxLength: 5,
    });
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      const messages = fc.sample(text, { numRuns: 60, seed: 7 });
      await own.storeNative(
        'waldur',
        messages.map((message, index) => ({
          created: `2026-11-02T08:00:00.${String(index).padStart(6, '0')}Z`,
          event_type: 'customer_update_succeeded',
          message: `<${message}>`,
          context: {},
        })),
      );
      await fc.assert(
        fc.asyncProperty(text, async (needle) => {
          const query = new URLSearchParams({ message: needle, o: 'created', page_size: '300' });
          const events = (await own.request(`/api/events/?${query.toString()}`)).json<ShownEvent[]>();
          const expected = messages
            .map((message) => `<${message}>`)
            .filter((message) => message.toLowerCase().includes(needle.toLowerCase()));
          expect(events.map(({ message }) => message)).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    } finally {
      await own.close();
    }
  });
});
