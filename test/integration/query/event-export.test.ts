import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encodeEvent } from '@tidings/transport';
import { ApiWorld, type ShownEvent } from '../api-world.js';
import { until } from '../../harness/until.js';
import { SseClient } from '../live/sse-client.js';

let world: ApiWorld;

const WALDUR = 'com.waldur.customer_creation_succeeded';
const INVENTED = 'com.example.invented';

/** Something that LXD sends. */
const LATER = {
  type: 'lifecycle',
  timestamp: '2027-01-02T00:00:00Z',
  project: 'default',
  metadata: { action: 'instance-created', source: '/1.0/instances/came-later', name: 'came-later', project: 'default' },
};

/** Payloads as no system writes them, but anybody may. */
const ODD_PAYLOADS = [
  '{"message":"m","context":{"huge":12345678901234567890123,"tiny":1e-999,"money":0.10000000000000000001,"minus":-0}}',
  '{"message":"naïve Ωmega 漢字 🎉 \\u2028 \\u007f \\ud83c\\udf89","context":{"é":"ü","pair":"\\ud83c\\udf89"}}',
  '{"message":"control \\u0001\\t\\n end","context":{"nul":"\\u0000","half":"\\ud800","tilde":"~0~1~2","slash":"\\\\ud800 \\\\\\\\ \\/"}}',
  '{"context":null}',
  '{"context":[1, 2]}',
  '{"context":"text"}',
  '{"context":{"a":1},"context":{"b":"\\ud800"}}',
  '{"cont\\u0065xt":{"escaped":"\\u0000"}}',
  '[1]',
  'null',
  '7',
  '"text"',
  '{}',
];

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  await world.storeSamples();
  let number = 0;
  const storeOdd = async (type: string, source: string, data: string, time = '2026-11-02T08:01:53.204968Z') =>
    world.store([
      encodeEvent(
        `${world.environment.kafka.prefix}lifecycle.${source.split('/')[1] ?? ''}.test`,
        { id: `odd-${number++}`, source, type, time },
        data,
        'native',
      ),
    ]);
  for (const data of ODD_PAYLOADS) {
    await storeOdd(WALDUR, '/waldur/main', data);
    await storeOdd(INVENTED, '/lxd/main', data);
  }
  for (const time of [
    '0000-02-29T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '9999-12-31T23:59:59.9Z',
  ])
    await storeOdd(WALDUR, '/waldur/main', '{"context":{}}', time);
  for (const message of ['=1+1', '+1', '-1', '@sum', '\tx', '\rx', '＝1', 'a "quoted", line\nand = more'])
    await storeOdd(WALDUR, '/waldur/main', JSON.stringify({ message, context: { message } }));
});

afterAll(async () => world.close());

async function lines(query = ''): Promise<string[]> {
  const answer = await world.request(`/api/events/export/${query}`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text === '' || answer.text.endsWith('\n')).toBe(true);
  return answer.text.split('\n').slice(0, -1);
}

/** All events as the list writes them. */
async function listed(query = ''): Promise<string[]> {
  const found: string[] = [];
  for (const line of await lines('?field=uuid')) {
    const { uuid } = JSON.parse(line) as ShownEvent;
    found.push((await world.request(`/api/events/${uuid}/${query}`)).text);
  }
  return found;
}

describe('the export', () => {
  it('has every event once, as the list writes it to the last character', async () => {
    const exported = await lines();
    const { count } = (await world.request('/api/events/count/')).json<{ count: number }>();
    expect(exported).toHaveLength(count);
    expect(exported).toEqual(await listed());
    const page = await world.request('/api/events/?page_size=100');
    expect(page.text).toBe(`[${exported.slice(0, 100).join(',')}]`);
  });

  it('takes the filters, the order and the fields of the list', async () => {
    const query = '?system=lxd&o=created&field=uuid&field=event_type';
    const page = await world.request(`/api/events/${query}&page_size=100`);
    expect(`[${(await lines(query)).slice(0, 100).join(',')}]`).toBe(page.text);
    expect(await lines(`?event_type=nobody_knows`)).toEqual([]);
    const filtered = `?message=${encodeURIComponent(`o'clock $1 \\ "%_`)}`;
    expect(await lines(filtered)).toEqual([]);
  });

  it('has whatever fields the list can show, repeated or by commas', async () => {
    const names = ['uuid', 'system', 'type', 'source', 'site', 'id', 'subject', 'outcome', 'conforming', 'context'];
    const exported = await lines(`?field=${names.join(',')}`);
    expect(exported).toEqual(await lines(`?${names.map((name) => `field=${name}`).join('&')}`));
    expect(exported).toEqual(await listed(`?${names.map((name) => `field=${name}`).join('&')}`));
    expect(exported.some((line) => line.includes('"outcome":"succeeded"'))).toBe(true);
    expect(exported.some((line) => line.includes('"subject":null'))).toBe(true);
    expect(exported.some((line) => line.includes('"conforming":false'))).toBe(true);
    const { text } = await world.request('/api/events/export/?format=csv&field=source,conforming,outcome,subject');
    const rows = csvRows(text);
    expect(rows[0]).toEqual(['source', 'subject', 'outcome', 'conforming']);
    expect(rows).toHaveLength(exported.length + 1);
    expect(new Set(rows.slice(1).map((row) => row[3]))).toEqual(new Set(['true', 'false']));
    // A misspelt one would be missed only when all of it has been read.
    const refused = await world.request('/api/events/export/?field=uuid,colour');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('must be one of uuid, created')]);
  });

  it('writes payloads with line breaks on one line', async () => {
    const data = '{\r\n "context" :\n {"a": 1,\n\t"b":"\\n \\u0000"}}';
    await world.store([
      encodeEvent(
        `${world.environment.kafka.prefix}lifecycle.waldur.test`,
        { id: 'broken-lines', source: '/waldur/main', type: WALDUR, time: '2031-01-01T00:00:00Z' },
        data,
        'native',
      ),
    ]);
    const [newest] = await lines('?created_from=1924990000&created_to=1925100000');
    expect(JSON.parse(newest ?? '')).toMatchObject({ context: { a: 1, b: '\n \u0000' } });
  });

  it('writes CloudEvents as streams say them', async () => {
    const topic = `${world.environment.kafka.prefix}lifecycle.waldur.test`;
    const more = { id: 'with-more', source: '/waldur/main', type: WALDUR, time: '2031-05-01T00:00:00.123456789+02:00' };
    await world.store([
      encodeEvent(
        topic,
        { ...more, subject: 'a "subject"', extensions: { traceparent: '00-"time":-01' } },
        '{"b": 1e999}',
        'native',
      ),
      encodeEvent(topic, { ...more, id: 'with-less', time: '2031-05-01T00:00:00Z' }, '{}', 'native'),
    ]);
    const stream = await SseClient.open(world.url, '/v1/stream?since=0', {
      authorization: 'Bearer a-token-for-tests-that-is-long-enough',
    });
    try {
      const exported = await lines('?format=cloudevents');
      await until(() => stream.messages.length >= exported.length, { what: 'the stream to have them all' });
      const said = new Map(stream.messages.map(({ data }) => [identityOf(data), JSON.parse(data) as object]));
      expect(said.size).toBe(exported.length);
      for (const line of exported) expect(JSON.parse(line)).toEqual(said.get(identityOf(line)));
      const [first = ''] = exported.filter((line) => line.includes('"with-more"'));
      expect(JSON.parse(first)).toMatchObject({
        time: more.time,
        traceparent: '00-"time":-01',
        subject: 'a "subject"',
      });
      expect(first).toContain('"data":{"b": 1e999}');
    } finally {
      stream.close();
    }
  });

  it('says its type, and a name to keep it under', async () => {
    const { headers } = await world.request('/api/events/export/?system=cds');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="events.ndjson"');
    const head = await world.request('/api/events/export/?format=csv', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(head.text).toBe('');
  });

  it('refuses what it does not know', async () => {
    for (const query of ['?format=xml', '?formt=csv', '?page=2', '?system=openstack', '?created_from=now']) {
      expect((await world.request(`/api/events/export/${query}`)).status, query).toBe(400);
    }
    expect((await world.request('/api/events/export/', { headers: { authorization: 'Token wrong' } })).status).toBe(
      401,
    );
  });
});

describe('the export as CSV', () => {
  it('has a header, and quotes as RFC 4180 says', async () => {
    const rows = csvRows((await world.request('/api/events/export/?format=csv&system=waldur')).text);
    expect(rows[0]).toEqual(['uuid', 'created', 'event_type', 'message', 'context']);
    const events = (await lines('?system=waldur')).map((line) => JSON.parse(line) as ShownEvent);
    expect(rows.slice(1).map(([uuid]) => uuid)).toEqual(events.map(({ uuid }) => uuid));
    expect(rows.slice(1).map((row) => JSON.parse(row[4] ?? '') as unknown)).toEqual(
      events.map(({ context }) => context),
    );
  });

  it('lets no spreadsheet calculate', async () => {
    const rows = csvRows((await world.request('/api/events/export/?format=csv&field=message')).text).flat();
    expect(rows).toEqual(expect.arrayContaining(["'=1+1", "'+1", "'-1", "'@sum", "'\tx", "'\rx", "'＝1"]));
    expect(rows).toContain('a "quoted", line\nand = more');
    expect(rows.filter((value) => /^[-=+@\t\r]/.test(value))).toEqual([]);
  });

  it('is the header alone where nothing matches', async () => {
    const { text } = await world.request('/api/events/export/?format=csv&field=uuid&event_type=nobody_knows');
    expect(text).toBe('uuid\n');
  });
});

describe('a long export', () => {
  const ROWS = 40_000;

  beforeAll(async () => {
    // More than all buffers on the way hold.
    await world.pool.query(
      `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
        event_id, message, data)
      SELECT ('f0' || lpad(to_hex(n), 30, '0'))::uuid, '2027-01-01', t.id, s.id, 1, 0, n, true, n::text, 'many',
        json_build_object('context', json_build_object('text', repeat('x', 1000)))
      FROM generate_series(1, ${ROWS}) AS n, (SELECT min(id) AS id FROM events.event_type) t,
        (SELECT min(id) AS id FROM events.source) s`,
    );
  });

  it('ends its work in the database when the client goes', async () => {
    const response = await openExport();
    await until(async () => (await copies()).length === 1, { what: 'the COPY to run' });
    response.destroy();
    await until(async () => (await copies()).length === 0, { what: 'the COPY to end' });
    await noneBorrowed();
  });

  it('is held back by its reader in the database, and has nothing of what comes meanwhile', async () => {
    const response = await openExport();
    // Nothing between the two keeps more than its buffers hold: the database cannot go on writing.
    await until(async () => (await waitsOfCopies()).includes('ClientWrite'), { what: 'the COPY to be held back' });
    await world.storeNative('lxd', [LATER]);
    expect((await world.request('/api/events/count/?message=came-later')).json()).toEqual({ count: 1 });
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(response, 'end');
    expect(text.split('"message":"many"')).toHaveLength(ROWS + 1);
    expect(text).not.toContain('came-later');
    expect((await lines('?field=message')).some((line) => line.includes('came-later'))).toBe(true);
    await noneBorrowed();
  });

  it('breaks off when the database fails, so that nobody takes it for whole', async () => {
    const response = await openExport();
    await until(async () => (await copies()).length === 1, { what: 'the COPY to run' });
    const [pid] = await copies();
    await world.pool.query('SELECT pg_terminate_backend($1)', [pid]);
    response.resume();
    await expect(once(response, 'end')).rejects.toThrow(/aborted|ECONNRESET/);
    expect(response.complete).toBe(false);
    await noneBorrowed();
  });

  it('leaves connections to others, and refuses more than that', async () => {
    const limit = Math.max(1, Math.floor(world.pool.options.max / 4));
    const tokens = await Promise.all(Array.from({ length: limit + 1 }, () => world.makeToken(['*'])));
    const [another = '', ...running] = tokens.map((token) => `Bearer ${token}`);
    const responses = await Promise.all(running.map(openExport));
    await until(async () => (await copies()).length === limit, { what: 'all of them to run' });
    const [own, others] = await Promise.all(
      [running[0] ?? '', another].map((authorization) =>
        world.request('/api/events/export/', { headers: { authorization } }),
      ),
    );
    // One token has one; all together have a few.
    expect([own?.status, others?.status]).toEqual([429, 503]);
    expect(own?.json()).toMatchObject({ detail: expect.stringContaining('an export under way') as string });
    for (const answer of [own, others]) expect(answer?.headers['retry-after']).toBeDefined();
    expect((await world.request('/api/events/?page_size=1')).status).toBe(200);
    for (const response of responses) response.destroy();
    await until(async () => (await copies()).length === 0, { what: 'the COPYs to end' });
    expect((await lines('?field=message')).filter((line) => line === '{"message":"many"}')).toHaveLength(ROWS);
  });
});

/** What an event is told by: its source and its id. */
function identityOf(cloudEvent: string): string {
  const { source, id } = JSON.parse(cloudEvent) as { source: string; id: string };
  return `${source} ${id}`;
}

const ADMIN = 'Bearer a-token-for-tests-that-is-long-enough';

/** Asks for everything, and reads nothing of it. */
function openExport(authorization = ADMIN): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL('/api/events/export/', world.url);
    const request = httpRequest(url, { headers: { authorization } }, (response) => {
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', reject).end();
  });
}

async function copies(): Promise<readonly number[]> {
  const { rows } = await world.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY (%'`,
  );
  return rows.map(({ pid }) => pid);
}

async function waitsOfCopies(): Promise<readonly (string | null)[]> {
  const { rows } = await world.pool.query<{ wait_event: string | null }>(
    `SELECT wait_event FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY (%'`,
  );
  return rows.map(({ wait_event }) => wait_event);
}

async function noneBorrowed(): Promise<void> {
  await until(() => world.pool.totalCount === world.pool.idleCount, { what: 'all connections to be given back' });
}

/** A reader of RFC 4180, small and slow. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
