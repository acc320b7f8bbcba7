import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld, type ShownEvent } from '../api-world.js';

let world: ApiWorld;
const COUNT = 25;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await world.storeNative(
    'waldur',
    Array.from({ length: COUNT }, (_, index) => ({
      // Five of each time: their order has to come from elsewhere.
      created: `2026-11-02T08:00:0${Math.floor(index / 5)}.000001Z`,
      event_type: 'customer_creation_succeeded',
      message: `Customer ${index}, of many`,
      context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'University of Tartu' },
    })),
  );
});

afterAll(async () => world.close());

interface Links {
  readonly [relation: string]: string | undefined;
}

/** As the Python client reads them: it splits at commas. */
function linksOf(header: string | string[] | undefined): Links {
  return Object.fromEntries(
    String(header)
      .split(',')
      .map((link) => {
        const match = /^\s*<([^<>]*)>; rel="(\w+)"$/.exec(link);
        if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not a link: ${link}`);
        return [match[2], match[1]];
      }),
  );
}

function pathOf(url: string | undefined): string {
  if (url === undefined) throw new Error('there is no such link');
  return url.replace(world.url, '');
}

async function walk(query: string, relation: 'next' | 'prev', from: string): Promise<ShownEvent[][]> {
  const pages: ShownEvent[][] = [];
  let path: string | undefined = `/api/events/?${query}${from}`;
  while (path !== undefined) {
    const answer = await world.request(path);
    expect(answer.status).toBe(200);
    pages.push(answer.json<ShownEvent[]>());
    const links = linksOf(answer.headers.link);
    path = links[relation] === undefined ? undefined : pathOf(links[relation]);
  }
  return pages;
}

const uuidsOf = (events: readonly ShownEvent[]): string[] => events.map(({ uuid }) => uuid);

describe('pages of events', () => {
  it('hold ten of the newest unless told otherwise', async () => {
    const answer = await world.request('/api/events/');
    const events = answer.json<ShownEvent[]>();
    expect(events).toHaveLength(10);
    const times = events.map(({ created }) => created);
    expect(times).toEqual([...times].sort().reverse());
    expect(times[0]).toBe('2026-11-02T08:00:04.000001Z');
    expect(answer.headers['x-result-count']).toBe('25');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-result-count-exact']).toBeUndefined();
    expect(linksOf(answer.headers.link)).toEqual({
      first: `${world.url}/api/events/`,
      next: expect.stringMatching(/\/api\/events\/\?page=2\.c[\w-]+$/) as string,
      last: `${world.url}/api/events/?page=3`,
    });
  });

  it.each(['o=-created', 'o=created'])('never overlap, though times are the same, with %s', async (order) => {
    const forwards = (await walk(`${order}&page_size=3`, 'next', '')).map(uuidsOf);
    expect(forwards.map((page) => page.length)).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 1]);
    expect(new Set(forwards.flat()).size).toBe(COUNT);
    const backwards = (await walk(`${order}&page_size=3`, 'prev', '&page=last')).map(uuidsOf);
    expect(backwards.reverse()).toEqual(forwards);
  });

  it('have numbers in their links, by which clients that take nothing else go on', async () => {
    const pages: string[][] = [];
    for (let page = 1; !Number.isNaN(page);) {
      const answer = await world.request(`/api/events/?page=${page}&page_size=4`);
      pages.push(uuidsOf(answer.json<ShownEvent[]>()));
      const { next = '' } = linksOf(answer.headers.link);
      if (next !== '') expect(next).toMatch(/[?&]page=\d+&/);
      page = Number.parseInt(/[?&]page=([^&]*)/.exec(next)?.[1] ?? '', 10);
    }
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
    expect(pages).toEqual((await walk('page_size=4', 'next', '')).map(uuidsOf));
  });

  it('count on behind a position, and take an older link that has the position as its page', async () => {
    const first = linksOf((await world.request('/api/events/?page_size=3')).headers.link)['next'] ?? '';
    const second = await world.request(pathOf(first));
    expect(linksOf(second.headers.link)).toMatchObject({
      next: expect.stringContaining('&page=3.c') as string,
      prev: expect.stringContaining('&page=1.c') as string,
    });
    const [, cursor = ''] = (new URL(first).searchParams.get('page') ?? '').split('.');
    for (const place of [`page=${cursor}`, `cursor=${cursor}`, `cursor=2.${cursor}`, `page=2&cursor=${cursor}`])
      expect((await world.request(`/api/events/?page_size=3&${place}`)).text, place).toBe(second.text);
  });

  it('end after so many bytes, if asked, and go on behind them', async () => {
    for (const [query, relation, from] of [
      ['page_size=20&page_bytes=900', 'next', ''],
      ['page_size=20&page_bytes=1', 'next', '&page=2'],
      ['page_size=20&page_bytes=900', 'prev', '&page=last'],
    ] as const) {
      const pages = (await walk(query, relation, from)).map(uuidsOf);
      expect(Math.max(...pages.map((page) => page.length)), query).toBeLessThan(10);
      expect(new Set(pages.flat()).size, query).toBe(from === '&page=2' ? 5 : COUNT);
      expect(pages.flat(), query).toHaveLength(from === '&page=2' ? 5 : COUNT);
    }
    expect((await walk('page_bytes=x', 'next', '')).map((page) => page.length)).toEqual([10, 10, 5]);
  });

  it('stand in exactly opposite orders', async () => {
    const oldest = (await world.request('/api/events/?page_size=300&o=created')).json<ShownEvent[]>();
    const newest = (await world.request('/api/events/?page_size=300&o=-created')).json<ShownEvent[]>();
    expect(uuidsOf(oldest).reverse()).toEqual(uuidsOf(newest));
  });

  it('keep the query in their links, with its commas escaped', async () => {
    const query = 'message=,%20of&event_type=customer_creation_succeeded&event_type=x&page_size=20';
    const answer = await world.request(`/api/events/?${query}`);
    expect(answer.headers['x-result-count']).toBe('25');
    const { next, first } = linksOf(answer.headers.link);
    expect(next).toContain('message=%2C+of');
    expect(first).not.toMatch(/[?&]page=/);
    const second = await world.request(pathOf(next));
    expect(second.json<ShownEvent[]>()).toHaveLength(5);
    const back = await world.request(pathOf(linksOf(second.headers.link)['prev']));
    expect(back.text).toBe(answer.text);
  });

  it.each([
    ['page_size=300', 25],
    ['page_size=301', 25],
    ['page_size=100000000000000000000000', 25],
    ['page_size=7', 7],
    ['page_size=0', 10],
    ['page_size=-1', 10],
    ['page_size=abc', 10],
    ['page_size=', 10],
    ['page=', 10],
    ['page=3', 5],
    ['page=last', 5],
    ['page=last&page_size=5', 5],
    ['page=%201%20', 10],
  ])('%s gives %d events', async (query, length) => {
    const answer = await world.request(`/api/events/?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.json<ShownEvent[]>()).toHaveLength(length);
  });

  it.each([
    '4',
    '0',
    '-1',
    'abc',
    '1.5',
    '9223372036854775807',
    '9223372036854775808',
    '9'.repeat(300),
    '1;SELECT',
    '%00',
  ])('page %s does not exist', async (page) => {
    const answer = await world.request(`/api/events/?page=${page}`);
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ detail: 'Invalid page.' });
    expect(answer.headers['x-result-count']).toBeUndefined();
  });

  it('of nothing are one, empty', async () => {
    const answer = await world.request('/api/events/?event_type=nobody_knows');
    expect(answer.json()).toEqual([]);
    expect(answer.headers['x-result-count']).toBe('0');
    expect(Object.keys(linksOf(answer.headers.link))).toEqual(['first', 'last']);
    expect((await world.request('/api/events/?event_type=nobody_knows&page=2')).status).toBe(404);
    expect((await world.request('/api/events/?message=nobody+says+this&page=last')).json()).toEqual([]);
  });

  it('answer HEAD with the same headers and nothing else', async () => {
    for (const query of ['', '?page=2&page_size=7', '?event_type=nobody_knows']) {
      const get = await world.request(`/api/events/${query}`);
      const head = await world.request(`/api/events/${query}`, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.text).toBe('');
      for (const name of ['x-result-count', 'link', 'content-type', 'content-length']) {
        expect(head.headers[name], name).toBe(get.headers[name]);
      }
    }
    expect((await world.request('/api/events/?page=99', { method: 'HEAD' })).status).toBe(404);
    expect((await world.request('/api/events/?system=x', { method: 'HEAD' })).status).toBe(400);
  });

  it('may be asked for without the slash at the end', async () => {
    const answer = await world.request('/api/events?page_size=3');
    expect(answer.json<ShownEvent[]>()).toHaveLength(3);
    expect(linksOf(answer.headers.link)['next']).toMatch(/\/api\/events\?page_size=3&page=2\.c[\w-]+$/);
  });
});

describe('links', () => {
  it('are built from the host that was asked', async () => {
    const answer = await world.request('/api/events/', { headers: { host: 'events.example.org:8443' } });
    expect(linksOf(answer.headers.link)['first']).toBe('http://events.example.org:8443/api/events/');
  });

  it.each([
    'evil.example/x',
    'evil.example>; rel="next"',
    'a,b',
    'user@evil.example',
    'evil.example:99999',
    'evil example',
  ])('are never built from the host %j', async (host) => {
    const answer = await world.request('/api/events/?page_size=3', { headers: { host } });
    expect(answer.text).not.toContain('evil');
    if (answer.status !== 200) return;
    expect(linksOf(answer.headers.link)['next']).toMatch(/^\/api\/events\/\?page_size=3&page=2\.c[\w-]+$/);
  });
});

describe('sparse fields', () => {
  const fieldsOf = async (query: string): Promise<string[]> => {
    const answer = await world.request(`/api/events/?page_size=1&${query}`);
    return Object.keys(answer.json<ShownEvent[]>()[0] ?? {});
  };

  it('leave out what was not asked for', async () => {
    expect(await fieldsOf('field=message')).toEqual(['message']);
    expect(await fieldsOf('field=context&field=uuid&field=nobody_knows')).toEqual(['uuid', 'context']);
  });

  it('are all of them when none is valid', async () => {
    const all = ['uuid', 'created', 'event_type', 'message', 'context'];
    expect(await fieldsOf('')).toEqual(all);
    expect(await fieldsOf('field=nobody_knows')).toEqual(all);
    expect(await fieldsOf('field=')).toEqual(all);
  });
});

describe('a list of more than is counted', () => {
  it('says how many there are at least, and has no last page', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      await own.storeNative('waldur', [
        {
          created: '2026-11-02T08:00:00Z',
          event_type: 'customer_creation_succeeded',
          message: 'One of many',
          context: {},
        },
      ]);
      // By their text, which nothing counts ahead.
      await own.pool.query(
        `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset,
          conforming, event_id, message, data, search_text)
        SELECT gen_random_uuid(), time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset,
          conforming, 'copy ' || number, message, data, search_text
        FROM events.event, generate_series(1, 100000) AS number`,
      );
      for (const query of ['page_size=2', 'page_size=2', 'page=3']) {
        const answer = await own.request(`/api/events/?message=one+of+many&${query}`);
        expect(answer.status).toBe(200);
        expect(answer.headers['x-result-count']).toBe('100000');
        expect(answer.headers['x-result-count-exact']).toBe('false');
        expect(linksOf(answer.headers.link)).not.toHaveProperty('last');
        const next = await own.request(pathOf(linksOf(answer.headers.link)['next']));
        expect(next.headers['x-result-count-exact']).toBe('false');
      }
      expect((await own.request('/api/events/count/?message=one+of+many')).json()).toEqual({ count: 100_001 });
    } finally {
      await own.close();
    }
  });
});
