import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import { ApiWorld, type ShownEvent } from '../api-world.js';

let world: ApiWorld;

const TARTU = '47eaa0992cb6416d86dc283cf0480ff9';
const POLAR = '1509bb0a9bf143318a118783593942a4';
const GENOME = '59ba1b0d5c904158a909406c2e416788';
const AINO = '3b041641178844f2a60df25453fe2e85';
const BRUNO = '6e704245a4ff41e3a7949b80dcb0b000';
const PAT = 'c15fd02a4aaf4f99a47a41ebaa03ddeb';

/** Waldur's own events, oldest first, a second apart; the message says which one it is. */
const EVENTS = [
  event('a', 'customer_creation_succeeded', { customer_uuid: TARTU, user_uuid: BRUNO }),
  event('b', 'customer_creation_succeeded', { customer_uuid: POLAR, user_uuid: BRUNO, auth_method: 'saml2' }),
  event('c', 'project_creation_succeeded', { customer_uuid: TARTU, project_uuid: GENOME, user_uuid: AINO }),
  event('d 100% ÄÖ under_score back\\slash', 'user_creation_succeeded', {
    user_uuid: BRUNO,
    affected_user_uuid: AINO,
    pat_uuid: PAT,
    auth_method: 'token',
  }),
  event('e', 'user_update_succeeded', { user_uuid: AINO, affected_user_uuid: AINO, pat_uuid: hyphenated(PAT) }),
  event('f', 'reduction_of_customer_credit', { customer_uuid: TARTU }),
  event('g', 'of_a_newer_waldur', { customer_uuid: POLAR, project_uuid: GENOME, user_uuid: AINO }),
];
const FIRST_SECOND = 1_793_606_400;

function event(
  name: string,
  type: string,
  context: Readonly<Record<string, string>>,
): Record<'message' | 'event_type', string> & { context: object } {
  return { message: `Event ${name}.`, event_type: type, context };
}

function hyphenated(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await world.storeNative(
    'waldur',
    EVENTS.map((native, index) => ({
      created: `${new Date((FIRST_SECOND + index) * 1000).toISOString().slice(0, 19)}.204968Z`,
      ...native,
    })),
  );
});

afterAll(async () => world.close());

/** The letters of the events that a query finds, oldest first; the count and the header have to agree. */
async function found(query: string): Promise<string> {
  const [list, count, head] = await Promise.all([
    world.request(`/api/events/?o=created&page_size=300&${query}`),
    world.request(`/api/events/count/?${query}`),
    world.request(`/api/events/?${query}`, { method: 'HEAD' }),
  ]);
  expect(list.status, list.text).toBe(200);
  const events = list.json<ShownEvent[]>();
  expect(count.json()).toEqual({ count: events.length });
  expect(list.headers['x-result-count']).toBe(String(events.length));
  expect(head.headers['x-result-count']).toBe(String(events.length));
  return events.map(({ message }) => message.charAt('Event '.length)).join('');
}

describe('events are found by', () => {
  it('nothing: all of them', async () => {
    expect(await found('')).toBe('abcdefg');
  });

  it.each([
    ['from a second on', `created_from=${FIRST_SECOND + 2}`, 'cdefg'],
    ['before a second', `created_to=${FIRST_SECOND + 2}`, 'ab'],
    ['between two', `created_from=${FIRST_SECOND + 1}&created_to=${FIRST_SECOND + 3}`, 'bc'],
    // Cut off, not rounded: 2.9 s is 2 s, which event c (at 2.204968 s) is behind.
    ['with a fraction', `created_from=${FIRST_SECOND + 2}.9`, 'cdefg'],
    ['with an exponent', `created_from=${(FIRST_SECOND + 2) / 10}e1`, 'cdefg'],
    ['turned round', `created_from=${FIRST_SECOND + 3}&created_to=${FIRST_SECOND + 1}`, ''],
    ['long ago', 'created_to=-62135596800', ''],
    ['beyond any calendar', 'created_from=-1e400&created_to=1e400', 'abcdefg'],
    ['after the end of time', `created_from=${'9'.repeat(300)}`, ''],
  ])('time: %s', async (_, query, letters) => {
    expect(await found(query)).toBe(letters);
  });

  it.each([
    ['event', 'abcdefg'],
    ['EVENT+B', 'b'],
    ['100%', 'd'],
    ['0%25%20', 'd'],
    ['%25', 'd'],
    ['_', 'd'],
    ['\\', 'd'],
    ['back%5Cslash', 'd'],
    ['under_SCORE', 'd'],
    ['e_ent', ''],
    [encodeURIComponent('äö'), 'd'],
    [encodeURIComponent('ÄÖ'), 'd'],
    ['', 'abcdefg'],
  ])('message: %j', async (text, letters) => {
    expect(await found(`message=${text}`)).toBe(letters);
  });

  it.each([
    ['a native name', 'event_type=customer_creation_succeeded', 'ab'],
    ['a full name', 'event_type=com.waldur.customer_creation_succeeded', 'ab'],
    ['several', 'event_type=customer_creation_succeeded&event_type=user_update_succeeded', 'abe'],
    ['one that nobody declared', 'event_type=of_a_newer_waldur', 'g'],
    ['its full name', 'event_type=com.waldur.of_a_newer_waldur', 'g'],
    ['one that nobody knows', 'event_type=nobody_knows', ''],
    ['one that is known and one that is not', 'event_type=nobody_knows&event_type=user_update_succeeded', 'e'],
    ['one that has not happened', 'event_type=invoice_paid', ''],
  ])('type: %s', async (_, query, letters) => {
    expect(await found(query)).toBe(letters);
  });

  it.each([
    ['a group', 'feature=users', 'de'],
    ['a type of several groups', 'feature=invoices', 'f'],
    ['several groups', 'feature=users&feature=projects', 'cde'],
    ['a group and a type of it', 'feature=users&event_type=user_update_succeeded', 'e'],
    ['a group and a type of another', 'feature=users&event_type=project_creation_succeeded', ''],
    ['a group that nobody knows', 'feature=nobody_knows', ''],
    ['another system’s group', 'feature=instance', ''],
  ])('feature: %s', async (_, query, letters) => {
    expect(await found(query)).toBe(letters);
  });

  it.each([
    ['customer', `customer_uuid=${TARTU}`, 'acf'],
    ['customer with hyphens', `customer_uuid=${hyphenated(TARTU).toUpperCase()}`, 'acf'],
    ['project', `project_uuid=${GENOME}`, 'cg'],
    ['user', `user_uuid=${AINO}`, 'ceg'],
    ['customer and project', `customer_uuid=${POLAR}&project_uuid=${GENOME}`, 'g'],
    ['somebody else', `customer_uuid=${GENOME}`, ''],
    ['actor or affected, each event once', `related_user_uuid=${AINO}`, 'cdeg'],
    ['actor or affected, narrowed', `related_user_uuid=${AINO}&feature=users`, 'de'],
    ['authentication', 'auth_method=saml2', 'b'],
    ['authentication, exactly', 'auth_method=SAML2', ''],
    ['personal token', `pat_uuid=${PAT}`, 'de'],
    ['personal token with hyphens', `pat_uuid=${hyphenated(PAT)}`, 'de'],
    ['all at once', `pat_uuid=${PAT}&user_uuid=${BRUNO}&related_user_uuid=${AINO}&system=waldur&message=event`, 'd'],
  ])('whom they belong to: %s', async (_, query, letters) => {
    expect(await found(query)).toBe(letters);
  });

  it.each([
    ['text of the message', 'q=UNDER_score', 'd'],
    ['text of the context', `q=${POLAR.slice(3, 20).toUpperCase()}`, 'bg'],
    ['text of either', 'q=saml2&q=event', 'b'],
    ['text of the context is none of the message', 'message=saml2', ''],
    ['texts of the message, all of them', 'message=event&message=100', 'd'],
    ['a type it must not be', 'event_type!=customer_creation_succeeded&type!=of_a_newer_waldur', 'cdef'],
    ['a group it must not be in', 'feature!=users&feature!=projects', 'abfg'],
    ['a type under its other name', 'type=com.waldur.user_update_succeeded', 'e'],
    ['a system it must not be of', 'system!=waldur', ''],
    ['its site', 'site=main', 'abcdefg'],
    ['another site', 'site=elsewhere', ''],
    ['a site it must not be of', 'site!=main', ''],
    ['its source', `source=${encodeURIComponent('/waldur/main')}`, 'abcdefg'],
    ['a source it must not have', `source!=${encodeURIComponent('/waldur/main')}`, ''],
    ['a subject', `subject=${TARTU}`, 'af'],
    ['a subject it must not have', `subject!=${TARTU}`, 'bcdeg'],
    ['how it ended', 'outcome=succeeded', 'abcdef'],
    ['how it must not have ended', 'outcome!=succeeded', 'g'],
    ['a scope', `scope=waldur:main:customer:${hyphenated(TARTU)}`, 'acf'],
    ['a scope by its URL', `scope=https://waldur.example/api/projects/${GENOME}/`, 'cg'],
    ['two scopes', `scope=/api/projects/${GENOME}/&scope=/api/customers/${POLAR}/`, 'g'],
    ['a site as a scope', 'scope=waldur:main', 'abcdefg'],
    ['a scope of nothing', 'scope=lxd:rack1:project:default', ''],
  ])('more than Waldur has: %s', async (_, query, letters) => {
    expect(await found(query)).toBe(letters);
  });

  it('the last value of a parameter that counts once', async () => {
    expect(await found(`customer_uuid=${POLAR}&customer_uuid=${TARTU}`)).toBe('acf');
  });
});

describe('bad parameters', () => {
  it('are those that nobody knows, and the nearest is named', async () => {
    for (const path of ['/api/events/', '/api/events/count/', '/api/events/1/', '/api/events/event_groups/']) {
      const answer = await world.request(`${path}?colour=blue`);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ colour: ['Unknown parameter.'] });
    }
    const answer = await world.request('/api/events/?event_typ=x&__proto__=y');
    expect(answer.text).toContain('"event_typ":["Unknown parameter. Did you mean event_type?"]');
    expect(answer.text).toContain('__proto__');
  });

  it('are all told, each under its name', async () => {
    const query = 'created_from=x&created_to=y&customer_uuid=1&project_uuid=2&user_uuid=3&system=openstack&sytem=lxd';
    for (const path of ['/api/events/', '/api/events/count/']) {
      const answer = await world.request(`${path}?${query}`);
      expect(answer.status).toBe(400);
      const fields = answer.json<Record<string, string[]>>();
      expect(Object.keys(fields).sort()).toEqual(
        ['created_from', 'created_to', 'customer_uuid', 'project_uuid', 'system', 'sytem', 'user_uuid'].sort(),
      );
      for (const messages of Object.values(fields)) expect(messages).toEqual([expect.any(String)]);
      expect(fields['system']?.[0]).toContain('waldur');
    }
  });
});

describe('what Waldur’s clients send', () => {
  const RESOURCE = 'a7f8b1c2d3e44f5a9b0c1d2e3f4a5b6c';
  const counted = async (query: string): Promise<unknown> => {
    const answer = await world.request(`/api/events/?${query}`);
    expect(answer.status, query).toBe(200);
    return Number(answer.headers['x-result-count']);
  };

  it('is taken where it changes nothing, and used where it says something', async () => {
    const all = await counted('');
    for (const query of ['exclude_extra=true&_=1', 'format=json', 'o=user', 'o=@timestamp', 'ordering=x'])
      expect(await counted(query), query).toBe(all);
    for (const query of [
      'pat_uuid=not-a-uuid',
      'search=nobody+says+this',
      'exclude_features=nobody_knows&search=%C3%9F%C3%9F',
    ])
      expect(await counted(query), query).toBe(0);
    for (const path of ['event_groups/?_=1', 'scope_types/?_=1', 'count/?exclude_extra=true&format=json'])
      expect((await world.request(`/api/events/${path}`)).status, path).toBe(200);
    expect((await world.request('/api/events-stats/?_=1&format=json')).status).toBe(200);
  });

  it('finds what names a resource by the resource’s URL or uuid, and else nothing', async () => {
    const scopes = ['/api/marketplace-resources/', 'http://127.0.0.1:4100/api/marketplace-provider-offerings/'].map(
      (path) => `scope=${encodeURIComponent(`${path}${RESOURCE}/`)}`,
    );
    for (const query of [...scopes, `scope=${RESOURCE}`, `resource_uuid=${RESOURCE}`])
      expect(await counted(query), query).toBe(0);
    await world.storeNative('waldur', [
      {
        created: '2026-11-02T12:00:00Z',
        event_type: 'resource_update_succeeded',
        message: 'A resource has been updated.',
        context: { resource_uuid: RESOURCE },
      },
    ]);
    for (const query of [...scopes, `scope=${RESOURCE}`, `resource_uuid=${RESOURCE}`])
      expect(await counted(query), query).toBe(1);
    expect((await world.request('/api/events/?scope=nonsense')).status).toBe(400);
  });
});

describe('the context filters', () => {
  it('find every one of Waldur’s types', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      const context = { customer_uuid: TARTU, project_uuid: GENOME, user_uuid: AINO, affected_user_uuid: BRUNO };
      const types = catalogue.types().filter(({ system }) => system === 'waldur');
      await own.storeNative(
        'waldur',
        types.map(({ nativeType }) => ({
          created: '2026-11-02T08:00:00Z',
          message: nativeType,
          event_type: nativeType,
          context,
        })),
      );
      const queries = [`customer_uuid=${TARTU}`, `project_uuid=${GENOME}`, `user_uuid=${AINO}`];
      for (const query of [...queries, `related_user_uuid=${AINO}`, `related_user_uuid=${BRUNO}`]) {
        const answer = await own.request(`/api/events/count/?${query}`);
        expect(answer.json(), query).toEqual({ count: types.length });
      }
    } finally {
      await own.close();
    }
  });

  it('do not find what another system calls alike', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      const [account] = catalogue
        .types()
        .filter(({ nativeType }) => nativeType === 'resource-controller.instance.create');
      await own.storeNative('ibm', [{ ...account?.example, account_id: TARTU }]);
      await own.storeNative('waldur', [
        { created: '2026-11-02T08:00:00Z', ...event('w', 'customer_update_succeeded', { customer_uuid: TARTU }) },
      ]);
      const answer = await own.request(`/api/events/?customer_uuid=${TARTU}`);
      expect(answer.json<ShownEvent[]>().map(({ message }) => message)).toEqual(['Event w.']);
      expect((await own.request('/api/events/count/')).json()).toEqual({ count: 2 });
    } finally {
      await own.close();
    }
  });
});
