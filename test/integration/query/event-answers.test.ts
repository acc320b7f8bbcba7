import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import { REPOSITORY } from '../../harness/repository.js';
import { ApiWorld, type ShownEvent } from '../api-world.js';

let world: ApiWorld;
let samples: Record<string, number>;

const EXACT = '{"uuid": "x", "huge": 12345678901234567890123, "tiny": 1e-999, "long": 0.12345678901234567890}';

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  samples = await world.storeSamples();
  await world.storeNative('waldur', [
    `{"created": "2026-11-03T00:00:00.5Z", "message": "nul \\u0000, half \\ud800, \\"quote\\"",
      "event_type": "customer_update_succeeded", "context": ${EXACT}}`,
    `{"created": "2026-11-03T00:00:01Z", "message": "no context", "event_type": "customer_update_succeeded", "context": {}}`,
  ]);
});

afterAll(async () => world.close());

describe('an event', () => {
  it('of Waldur comes out as Waldur sent it', async () => {
    const file = readFileSync(join(REPOSITORY, 'test', 'samples', 'waldur-webhook.ndjson'), 'utf8');
    const sent = file
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Omit<ShownEvent, 'uuid'>)
      .sort((a, b) => (a.created < b.created ? -1 : 1));
    const answer = await world.request(`/api/events/?system=waldur&created_to=1793664000&o=created&page_size=300`);
    const shown = answer.json<ShownEvent[]>();
    expect(shown.map(({ uuid, ...rest }) => ({ ...rest, uuid: /^[0-9a-f]{32}$/.test(uuid) }))).toEqual(
      sent.map((event) => ({ ...event, uuid: true })),
    );
  });

  it('keeps its numbers to the last digit', async () => {
    const answer = await world.request('/api/events/?message=half&field=context');
    const [, context] = /^\[\{"context":(.*)\}\]$/.exec(answer.text) ?? [];
    expect(context?.replaceAll(/\s/g, '')).toBe(EXACT.replaceAll(/\s/g, ''));
  });

  it('says what PostgreSQL cannot hold in another way', async () => {
    const [event] = (await world.request('/api/events/?message=half')).json<ShownEvent[]>();
    expect(event?.message).toBe('nul \uFFFD, half \uFFFD, "quote"');
    expect(event?.created).toBe('2026-11-03T00:00:00.500000Z');
  });

  it('of another system shows its whole payload as the context', async () => {
    const [event] = (await world.request('/api/events/?system=lxd&page_size=1&o=created')).json<ShownEvent[]>();
    expect(event?.event_type).toBe('project-created');
    expect(event?.created).toBe('2026-11-02T10:42:03.737616Z');
    expect(event?.context).toMatchObject({ metadata: { action: 'project-created' }, project: 'default' });
    expect(event?.message).toMatch(/project/i);
  });

  it('always has an object as its context', async () => {
    const events = (await world.request('/api/events/?page_size=300')).json<ShownEvent[]>();
    expect(events).toHaveLength(125);
    for (const { context } of events) expect(Object.prototype.toString.call(context)).toBe('[object Object]');
  });
});

describe('one event', () => {
  const sequenceOf = async (uuid: string): Promise<string> => {
    const { rows } = await world.pool.query<{ sequence: string }>('SELECT sequence FROM events.event WHERE id = $1', [
      uuid,
    ]);
    return String(rows[0]?.sequence);
  };
  const newest = async (): Promise<ShownEvent> => {
    const [event] = (await world.request('/api/events/?page_size=1')).json<ShownEvent[]>();
    if (event === undefined) throw new Error('there is no event');
    return event;
  };

  it('is found by its uuid in either form and by its number', async () => {
    const event = await newest();
    const hyphenated = event.uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5').toUpperCase();
    for (const id of [event.uuid, hyphenated, await sequenceOf(event.uuid)]) {
      const answer = await world.request(`/api/events/${id}/`);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.json()).toEqual(event);
    }
  });

  it('shows the fields that are asked for', async () => {
    const { uuid, created } = await newest();
    const answer = await world.request(`/api/events/${uuid}/?field=created&field=uuid`);
    expect(answer.json()).toEqual({ uuid, created });
  });

  it.each([
    '0',
    '999999999',
    '9223372036854775807',
    '9223372036854775808',
    '-1',
    '1.5',
    '47eaa0992cb6416d86dc283cf0480ff9',
    'nobody_knows',
    '%00',
    "1'%20OR%20'1'='1",
    '..%2f..%2fetc',
  ])('called %s is not there', async (id) => {
    const answer = await world.request(`/api/events/${id}/`);
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ detail: 'Not found.' });
  });
});

describe('the count', () => {
  it('is that of each system', async () => {
    for (const [system, count] of Object.entries({ ...samples, waldur: (samples['waldur'] ?? 0) + 2 })) {
      expect((await world.request(`/api/events/count/?system=${system}`)).json()).toEqual({ count });
    }
    expect((await world.request('/api/events/count/?system=lxd&system=ibm')).json()).toEqual({ count: 49 });
    expect((await world.request('/api/events/count/?system=tidings')).json()).toEqual({ count: 0 });
    expect((await world.request('/api/events/count/')).json()).toEqual({ count: 125 });
  });

  it('answers HEAD', async () => {
    const head = await world.request('/api/events/count/', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
  });

  it('finds the groups of other systems', async () => {
    const count = async (query: string): Promise<unknown> =>
      (await world.request(`/api/events/count/?${query}`)).json<{ count: number }>().count;
    const groups = [...catalogue.groups('ibm').keys()];
    expect(groups.length).toBeGreaterThan(1);
    expect(await count(groups.map((group) => `feature=${group}&system=ibm`).join('&'))).toBe(11);
    expect(await count(`feature=${groups[0]}&system=lxd`)).not.toBe(11);
  });

  it('includes types as soon as they are stored', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      expect((await own.request('/api/events/')).json()).toEqual([]);
      await own.storeNative('waldur', [
        { created: '2026-11-02T08:00:00Z', message: 'new', event_type: 'never_seen_before', context: {} },
      ]);
      const [event] = (await own.request('/api/events/')).json<ShownEvent[]>();
      expect(event?.event_type).toBe('never_seen_before');
      expect((await own.request('/api/events/count/?event_type=never_seen_before')).json()).toEqual({ count: 1 });
    } finally {
      await own.close();
    }
  });
});

describe('the groups', () => {
  it('are Waldur’s, with their types by the names that Waldur gives them', async () => {
    const groups = (await world.request('/api/events/event_groups/')).json<Record<string, string[]>>();
    expect(Object.keys(groups)).toHaveLength(17);
    expect(Object.keys(groups)).toEqual(Object.keys(groups).sort());
    expect(new Set(Object.values(groups).flat()).size).toBe(218);
    expect(Object.values(groups).flat()).toHaveLength(262);
    expect(groups['call']).toEqual(['call_document_added', 'call_document_removed']);
  });

  it('are another system’s on demand', async () => {
    const groups = (await world.request('/api/events/event_groups/?system=ibm')).json<Record<string, string[]>>();
    expect(Object.keys(groups).sort()).toEqual([...catalogue.groups('ibm').keys()].sort());
    expect(groups['instance']).toContain('resource-controller.instance.create');
    expect((await world.request('/api/events/event_groups/?system=nobody')).status).toBe(400);
  });
});

describe('the scope types', () => {
  it('are names of Django’s models', async () => {
    const types = (await world.request('/api/events/scope_types/')).json<string[]>();
    expect(types).toEqual(expect.arrayContaining(['structure.customer', 'structure.project']));
    for (const type of types) expect(type).toMatch(/^[a-z]+\.[a-z]+$/);
  });
});

describe('whoever has no token', () => {
  it.each([
    '/api/events/',
    '/api/events/count/',
    '/api/events/1/',
    '/api/events/event_groups/',
    '/api/events/scope_types/',
    '/api/catalogue/',
    '/api/catalogue/instance-created/',
    '/api/dead-letters/',
    '/api/dead-letters/1/',
  ])('is turned away from %s', async (path) => {
    const none = await world.request(path, { headers: { authorization: '' } });
    expect(none.status).toBe(401);
    expect(none.json()).toMatchObject({ detail: expect.any(String) as string });
    expect((await world.request(path, { headers: { authorization: 'Token wrong' } })).status).toBe(401);
  });

  it('may send one in each of the three ways', async () => {
    for (const scheme of ['Bearer', 'Token', 'Bearer Token']) {
      const headers = { authorization: `${scheme} a-token-for-tests-that-is-long-enough` };
      expect((await world.request('/api/events/count/', { headers })).status).toBe(200);
    }
  });
});
