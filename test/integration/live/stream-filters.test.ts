import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiWorld, type ShownEvent } from '../api-world.js';
import { makeToken, openSse } from './live-world.js';

let world: ApiWorld;
const uuids = new Map<string, string>();

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await world.storeSamples();
  const { rows } = await world.pool.query<{ id: string; source: string; event_id: string }>(
    `SELECT event.id, source, event_id FROM events.event JOIN events.source ON source.id = source_id`,
  );
  for (const row of rows) uuids.set(`${row.source} ${row.event_id}`, row.id.replaceAll('-', ''));
});

afterAll(async () => world.close());

/** What a list of the query API holds. */
async function listed(query: string, header?: string): Promise<string[]> {
  const answer = await world.request(`/api/events/?page_size=300${query}`, {
    ...(header !== undefined && { headers: { authorization: header } }),
  });
  expect(answer.status, answer.text).toBe(200);
  return answer
    .json<ShownEvent[]>()
    .map(({ uuid }) => uuid)
    .sort();
}

/** What a stream from the beginning holds, when it has gone live. */
async function streamed(query: string, header?: string): Promise<string[]> {
  const headers: Record<string, string> = header === undefined ? {} : { authorization: header };
  const client = await openSse(world.url, `?since=0${query}`, headers);
  try {
    expect(client.response.statusCode).toBe(200);
    await client.live();
    return client.messages
      .map(({ data }) => JSON.parse(data) as { source: string; id: string })
      .map(({ source, id }) => uuids.get(`${source} ${id}`) ?? `unknown ${id}`)
      .sort();
  } finally {
    client.close();
  }
}

async function value(column: string): Promise<string> {
  const { rows } = await world.pool.query<{ value: string }>(
    `SELECT ${column}::text AS value FROM events.event WHERE ${column} IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );
  return encodeURIComponent(rows[0]?.value ?? '');
}

describe('what a stream chooses', () => {
  it.each([
    '',
    '&system=lxd',
    '&system=lxd&system=cds',
    '&event_type=instance-created',
    '&event_type!=instance-created',
    '&event_type=customer_creation_succeeded&system=waldur',
    '&feature=customers',
    '&feature!=customers&system=waldur',
    '&outcome=succeeded',
    '&outcome!=succeeded',
    '&conforming=true',
    '&conforming=false',
    '&site=main',
    '&site!=main',
    '&source=/lxd/main',
    '&source!=/lxd/main',
    '&message=created',
    '&message=CREATED&message=a',
    '&q=root',
    '&q=root&q=project',
    '&created_from=1793600000&created_to=1793630000',
    '&scope=lxd:main:project:default',
    '&scope=lxd:main',
  ])('is what the list chooses: %s', async (query) => {
    const expected = await listed(query);
    expect(await streamed(query)).toEqual(expected);
  });

  it('is what the list chooses, by a subject', async () => {
    const subject = await value('subject');
    for (const query of [`&subject=${subject}`, `&subject!=${subject}`]) {
      const expected = await listed(query);
      expect(expected.length, query).toBeGreaterThan(0);
      expect(await streamed(query), query).toEqual(expected);
    }
  });

  it.each([
    ['lxd:*'],
    ['lxd:main'],
    ['lxd:main:*'],
    ['lxd:main:project:default'],
    ['waldur:main:customer:*'],
    ['cds:other'],
  ])('is what the list shows to a token for %s', async (scope) => {
    const { header } = await makeToken(world, [scope]);
    expect(await streamed('', header)).toEqual(await listed('', header));
  });
});

describe('every filter', () => {
  it('finds some of the samples, or the comparison says nothing', async () => {
    const counts = await Promise.all(
      [
        '&outcome=succeeded',
        '&message=created',
        '&q=root',
        '&scope=lxd:main:project:default',
        '&feature=customers',
      ].map(async (query) => (await listed(query)).length),
    );
    for (const count of counts) expect(count).toBeGreaterThan(0);
    expect((await listed('')).length).toBe(uuids.size);
  });
});
