import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld, type Answer, type ShownEvent } from '../api-world.js';

const TARTU = '47eaa0992cb6416d86dc283cf0480ff9';
const POLAR = '1509bb0a9bf143318a118783593942a4';
const GENOME = '59ba1b0d5c904158a909406c2e416788';
const AINO = '3b041641178844f2a60df25453fe2e85';

let world: ApiWorld;
/** By their messages. */
let uuids: Map<string, string>;

/** One letter each, oldest first: two customers, one project of both, an event of nobody, and LXD at two sites. */
beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  const waldur = (second: number, message: string, context: object) => ({
    created: `2026-11-02T08:00:0${second}.000000Z`,
    event_type: 'customer_update_succeeded',
    message,
    context,
  });
  await world.storeNative('waldur', [
    waldur(0, 'a', { customer_uuid: TARTU }),
    waldur(1, 'b', { customer_uuid: POLAR }),
    waldur(2, 'c', { customer_uuid: TARTU, project_uuid: GENOME, user_uuid: AINO }),
    waldur(3, 'd', { customer_uuid: POLAR, project_uuid: GENOME, affected_user_uuid: AINO }),
    waldur(4, 'e', {}),
  ]);
  await world.storeNative('waldur', [waldur(5, 'f', { customer_uuid: TARTU })], 'other');
  for (const [second, site, project] of [
    [6, 'rack1', 'default'],
    [7, 'rack2', 'default'],
    [8, 'rack1', 'genome'],
  ] as const) {
    await world.storeNative(
      'lxd',
      [
        {
          type: 'lifecycle',
          timestamp: `2026-11-02T08:00:0${second}.000000Z`,
          location: 'none',
          project,
          metadata: { action: 'instance-created', source: '/1.0/instances/web', name: 'web', project },
        },
      ],
      site,
    );
  }
  const { rows } = await world.pool.query<{ id: string }>('SELECT id FROM events.event ORDER BY id');
  expect(rows).toHaveLength(LETTERS.length);
  uuids = new Map(rows.map(({ id }, index) => [LETTERS.charAt(index), id.replaceAll('-', '')]));
});

afterAll(async () => world.close());

const LETTERS = 'abcdefghi';

type Ask = (path: string) => Promise<Answer>;

async function askAs(scopes: readonly string[]): Promise<Ask> {
  const headers = { authorization: `Bearer ${await world.makeToken(scopes)}` };
  return (path) => world.request(path, { headers });
}

const lettersOf = (events: readonly ShownEvent[]): string =>
  events.map(({ uuid }) => [...uuids].find(([, id]) => id === uuid)?.[0] ?? '?').join('');

/** What a caller finds by a list, by pages of one, and by single events; the counts have to agree. */
async function seenBy(ask: Ask, query = ''): Promise<string> {
  const list = await ask(`/api/events/?o=created&page_size=300&${query}`);
  expect(list.status, list.text).toBe(200);
  const seen = lettersOf(list.json<ShownEvent[]>());
  expect(list.headers['x-result-count']).toBe(String(seen.length));
  expect((await ask(`/api/events/count/?${query}`)).json()).toEqual({ count: seen.length });
  let path: string | undefined = `/api/events/?page_size=1&${query}`;
  let paged = '';
  while (path !== undefined) {
    const page = await ask(path);
    expect(page.status, page.text).toBe(200);
    expect(page.headers['x-result-count']).toBe(String(seen.length));
    paged = lettersOf(page.json<ShownEvent[]>()) + paged;
    path = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1]?.replace(world.url, '');
  }
  expect(paged).toBe(seen);
  return seen;
}

describe('a caller sees', () => {
  it.each([
    [['*'], 'abcdefghi'],
    [['waldur:*'], 'abcdef'],
    [['waldur:main'], 'abcde'],
    [['waldur:main:*'], 'abcd'],
    [['waldur:main:project:*'], 'cd'],
    [[`waldur:main:customer:${TARTU}`], 'ac'],
    [[`waldur:other:customer:${TARTU}`], 'f'],
    [[`waldur:main:customer:${TARTU}`, `waldur:main:project:${GENOME}`], 'acd'],
    [[`waldur:main:customer:${TARTU}`, `waldur:main:customer:${POLAR}`, `waldur:main:user:${AINO}`], 'abcd'],
    [['lxd:rack1'], 'gi'],
    [['lxd:rack1:project:default'], 'g'],
    [['lxd:*', 'waldur:other'], 'fghi'],
    [['cds:*'], ''],
    [[`waldur:main:customer:${GENOME}`], ''],
  ])('by %j: %s', async (scopes, letters) => {
    const ask = await askAs(scopes);
    expect(await seenBy(ask)).toBe(letters);
    for (const [letter, uuid] of uuids) {
      expect((await ask(`/api/events/${uuid}/`)).status, letter).toBe(letters.includes(letter) ? 200 : 404);
    }
    const { rows } = await world.pool.query<{ id: string; sequence: string }>('SELECT id, sequence FROM events.event');
    for (const { id, sequence } of rows) {
      const letter = [...uuids].find(([, uuid]) => uuid === id.replaceAll('-', ''))?.[0] ?? '';
      expect((await ask(`/api/events/${sequence}/`)).status).toBe(letters.includes(letter) ? 200 : 404);
    }
  });

  it('the same by many scopes as by few', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `waldur:main:customer:c${index}`);
    expect(await seenBy(await askAs([...many, `waldur:main:customer:${TARTU}`, 'lxd:rack2']))).toBe('ach');
  });

  it('nothing more by asking for it', async () => {
    const ask = await askAs([`waldur:main:customer:${TARTU}`]);
    expect(await seenBy(ask, `customer_uuid=${POLAR}`)).toBe('');
    expect(await seenBy(ask, `project_uuid=${GENOME}`)).toBe('c');
    expect(await seenBy(ask, `related_user_uuid=${AINO}`)).toBe('c');
    expect(await seenBy(ask, 'system=lxd')).toBe('');
    expect(await seenBy(ask, 'q=d')).not.toContain('d');
  });
});

describe('related events', () => {
  const related = async (ask: Ask, letter: string): Promise<string> => {
    const answer = await ask(`/api/events/${uuids.get(letter) ?? ''}/related/?o=created`);
    return answer.status === 200 ? lettersOf(answer.json<ShownEvent[]>()) : String(answer.status);
  };

  it('are those of the same subject at the same site', async () => {
    const ask = await askAs(['*']);
    expect(await related(ask, 'a')).toBe('ac');
    expect(await related(ask, 'f')).toBe('f');
    expect(await related(ask, 'g')).toBe('gi');
  });

  it('are only those that the caller may see', async () => {
    const ask = await askAs(['lxd:rack1:project:default']);
    expect(await related(ask, 'g')).toBe('g');
    expect(await related(ask, 'i')).toBe('404');
  });
});

describe('a scope that is asked for', () => {
  it('is refused alike whether it is foreign or nobody’s', async () => {
    const ask = await askAs([`waldur:main:customer:${TARTU}`]);
    const foreign = await ask(`/api/events/?scope=/api/customers/${POLAR}/`);
    const nobody = await ask(`/api/events/?scope=/api/customers/${AINO}/`);
    expect(foreign.status).toBe(400);
    expect(Object.keys(foreign.json<object>())).toEqual(['scope']);
    expect(nobody.text).toBe(foreign.text);
    expect((await ask(`/api/events/count/?scope=/api/customers/${POLAR}/`)).status).toBe(400);
  });

  it('may be one that only the events tell of', async () => {
    const ask = await askAs([`waldur:main:customer:${TARTU}`]);
    expect(await seenBy(ask, `scope=/api/projects/${GENOME}/`)).toBe('c');
  });
});

describe('a cursor', () => {
  it('is nobody else’s, and for no other query', async () => {
    const [tartu, polar] = await Promise.all(
      [TARTU, POLAR].map(async (customer) => askAs([`waldur:main:customer:${customer}`])),
    );
    const first = await tartu?.('/api/events/?page_size=1');
    const page = /[?&]page=([\w.-]+)>; rel="next"/.exec(String(first?.headers.link))?.[1] ?? '';
    expect(page).not.toBe('');
    for (const name of ['page', 'cursor']) {
      expect((await tartu?.(`/api/events/?page_size=1&${name}=${page}`))?.status).toBe(200);
      expect((await tartu?.(`/api/events/?page_size=7&${name}=${page}`))?.status).toBe(200);
      const refused = await Promise.all([
        polar?.(`/api/events/?page_size=1&${name}=${page}`),
        world.request(`/api/events/?page_size=1&${name}=${page}`),
        tartu?.(`/api/events/?page_size=1&o=created&${name}=${page}`),
        tartu?.(`/api/events/?page_size=1&system=waldur&${name}=${page}`),
        tartu?.(`/api/events/?page_size=1&${name}=${page.slice(0, -2)}`),
      ]);
      for (const answer of refused) {
        expect(answer?.status).toBe(404);
        expect(answer?.json()).toMatchObject({ detail: 'Invalid page.', code: 'invalid_page' });
      }
    }
  });

  it('stands still while events arrive', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      const event = (second: number) => ({
        created: new Date(1_793_606_400_000 + second * 1000).toISOString(),
        event_type: 'customer_update_succeeded',
        message: String(second),
        context: {},
      });
      await own.storeNative('waldur', [0, 1, 2, 3, 4].map(event));
      let path: string | undefined = '/api/events/?page_size=2';
      const messages: string[] = [];
      for (let second = 5; path !== undefined; second += 1) {
        const page: Answer = await own.request(path);
        messages.push(...page.json<ShownEvent[]>().map(({ message }) => message));
        expect(page.headers['x-result-count']).toBe('5');
        await own.storeNative('waldur', [event(second)]);
        path = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1]?.replace(own.url, '');
      }
      expect(messages).toEqual(['4', '3', '2', '1', '0']);
    } finally {
      await own.close();
    }
  });
});
