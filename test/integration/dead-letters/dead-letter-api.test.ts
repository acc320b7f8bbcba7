import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encodeRawNative, type OutgoingRecord } from '@tidings/transport';
import { ApiWorld } from '../api-world.js';

let world: ApiWorld;

interface Letter {
  readonly id: number;
  readonly reason: string;
  readonly detail: string;
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
  readonly record_time: string;
  readonly created: string;
  readonly retried: string | null;
}

const topic = (name: string): string => `${world.environment.kafka.prefix}lifecycle.${name}`;
const broken = (kafkaTopic: string, value: OutgoingRecord['value'], headers = {}): OutgoingRecord => ({
  kafkaTopic,
  key: null,
  headers,
  value,
});

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  const headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: '1',
    ce_source: '/waldur/main',
    ce_time: '2026-11-02T08:00:00Z',
  };
  await world.store([
    broken(topic('waldur.customers'), '{"a":"\\u0000 é"}', { ...headers, ce_type: 'com.waldur.nobody_knows' }),
    { ...broken(topic('lxd.instance'), Buffer.from([0xff, 0xfe, 0x00]), { x: Buffer.from([0x80]) }), key: 'the-key' },
    broken(topic('lxd.instance'), null, { x: ['1', '2'] }),
    broken(topic('waldur.customers'), '{}', { ...headers, ce_type: 'com.waldur.customer_creation_succeeded' }),
    encodeRawNative(
      topic('waldur.uncatalogued'),
      { system: 'waldur', site: 'main', problem: 'created: is required' },
      '{"message":"m"}',
    ),
  ]);
});

afterAll(async () => world.close());

async function list(query = ''): Promise<Letter[]> {
  const answer = await world.request(`/api/dead-letters/?page_size=300&${query}`);
  expect(answer.status, answer.text).toBe(200);
  const letters = answer.json<Letter[]>();
  expect(answer.headers['x-result-count']).toBe(String(letters.length));
  return letters;
}

const offsets = (letters: readonly Letter[]): string => letters.map(({ kafka_offset }) => kafka_offset).join('');

describe('the list of dead letters', () => {
  it('has the newest first, and says what and where they were', async () => {
    const letters = await list();
    expect(offsets(letters)).toBe('43210');
    expect(letters[4]).toEqual({
      id: expect.any(Number) as number,
      reason: 'unknown_type',
      detail: expect.stringContaining('nobody_knows') as string,
      kafka_topic: topic('waldur.customers'),
      kafka_partition: 0,
      kafka_offset: 0,
      system: 'waldur',
      site: 'main',
      record_time: '2026-11-02T08:01:53.204000Z',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
      retried: null,
    });
  });

  it('comes in pages as events do', async () => {
    const answer = await world.request('/api/dead-letters/?page_size=2&page=2');
    expect(offsets(answer.json<Letter[]>())).toBe('21');
    expect(answer.headers['x-result-count']).toBe('5');
    expect(answer.headers.link).toBe(
      `<${world.url}/api/dead-letters/?page_size=2>; rel="first", ` +
        `<${world.url}/api/dead-letters/?page_size=2>; rel="prev", ` +
        `<${world.url}/api/dead-letters/?page_size=2&page=3>; rel="next", ` +
        `<${world.url}/api/dead-letters/?page_size=2&page=3>; rel="last"`,
    );
    const head = await world.request('/api/dead-letters/?page_size=2&page=2', { method: 'HEAD' });
    expect(head.headers.link).toBe(answer.headers.link);
    expect(offsets((await world.request('/api/dead-letters/?page_size=2&page=last')).json<Letter[]>())).toBe('0');
    expect((await world.request('/api/dead-letters/?page=2')).status).toBe(404);
  });

  it('is narrowed by reason, kafkaTopic, time and what became of them', async () => {
    expect(offsets(await list('reason=unknown_type&reason=unusable_native_event'))).toBe('40');
    expect(offsets(await list('reason=conflict'))).toBe('');
    expect(offsets(await list(`kafka_topic=${topic('lxd.instance')}`))).toBe('21');
    expect(offsets(await list('kafka_topic=nobody_knows'))).toBe('');
    expect(offsets(await list('retried=false'))).toBe('43210');
    expect(offsets(await list('retried=true'))).toBe('');
    const now = Math.floor(Date.now() / 1000);
    expect(offsets(await list(`created_from=${now - 3600}&created_to=${now + 3600}`))).toBe('43210');
    expect(offsets(await list(`created_from=${now + 3600}`))).toBe('');
    expect(offsets(await list(`created_to=${now - 3600}`))).toBe('');
    expect(offsets(await list('created_from=-1e400&created_to=1e400'))).toBe('43210');
  });

  it('tells every bad parameter', async () => {
    const answer = await world.request(
      '/api/dead-letters/?reason=x&created_from=x&created_to=x&retried=maybe&kafka_topic=%00',
    );
    expect(answer.status).toBe(400);
    const fields = answer.json<Record<string, string[]>>();
    expect(Object.keys(fields).sort()).toEqual(['created_from', 'created_to', 'kafka_topic', 'reason', 'retried']);
    expect(fields['reason']?.[0]).toContain('unknown_type');
  });
});

describe('a dead letter', () => {
  const whole = async (offset: number): Promise<Record<string, unknown>> => {
    const letter = (await list()).find(({ kafka_offset }) => kafka_offset === offset);
    const answer = await world.request(`/api/dead-letters/${letter?.id}/`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ ...letter });
    return answer.json();
  };

  it('shows its message as text, and its exact bytes', async () => {
    const text = '{"a":"\\u0000 é"}';
    expect(await whole(0)).toMatchObject({
      headers: { ce_type: 'com.waldur.nobody_knows', ce_id: '1' },
      problems: [{ field: 'type', problem: expect.any(String) as string }],
      key: null,
      key_base64: null,
      value: text,
      value_base64: Buffer.from(text).toString('base64'),
    });
  });

  it('shows bytes that are no text only as such', async () => {
    expect(await whole(1)).toMatchObject({
      key: 'the-key',
      key_base64: Buffer.from('the-key').toString('base64'),
      value: null,
      value_base64: '//4A',
      headers: { x: { base64: 'gA==' } },
    });
  });

  it('may have no value, and headers that repeat', async () => {
    expect(await whole(2)).toMatchObject({ value: null, value_base64: null, headers: { x: ['1', '2'] } });
  });

  it('says which fields do not fit', async () => {
    const { reason, problems } = await whole(3);
    expect(reason).toBe('invalid_payload');
    expect(JSON.stringify(problems)).toContain('context');
  });

  it.each(['0', '999999', '9223372036854775808', '-1', 'x', '%00', '1%20OR%201=1'])(
    'called %s is not there',
    async (id) => {
      for (const [method, path] of [
        ['GET', `/api/dead-letters/${id}/`],
        ['POST', `/api/dead-letters/${id}/retry/`],
        ['DELETE', `/api/dead-letters/${id}/`],
      ] as const) {
        const answer = await world.request(path, { method });
        expect(answer.status, `${method} ${path}`).toBe(404);
      }
    },
  );

  it('goes when it is deleted', async () => {
    await world.store([broken(topic('cds.run'), 'gone soon')]);
    const [letter] = await list();
    const answer = await world.request(`/api/dead-letters/${letter?.id}/`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect((await world.request(`/api/dead-letters/${letter?.id}/`)).status).toBe(404);
    expect((await world.request(`/api/dead-letters/${letter?.id}/`, { method: 'DELETE' })).status).toBe(404);
    expect(offsets(await list())).toBe('43210');
  });
});

describe('without a token', () => {
  it('nothing is sent again or deleted', async () => {
    const [letter] = await list();
    const headers = { authorization: 'Bearer wrong' };
    expect((await world.request(`/api/dead-letters/${letter?.id}/retry/`, { method: 'POST', headers })).status).toBe(
      401,
    );
    expect((await world.request(`/api/dead-letters/${letter?.id}/`, { method: 'DELETE', headers })).status).toBe(401);
    expect(offsets(await list('retried=false'))).toBe('43210');
  });
});

describe('a token', () => {
  const seenBy = async (scopes: readonly string[]): Promise<string> => {
    const headers = { authorization: `Bearer ${await world.makeToken(scopes, ['dead-letters'])}` };
    const answer = await world.request('/api/dead-letters/?page_size=300', { headers });
    expect(answer.status, answer.text).toBe(200);
    const seen = answer.json<Letter[]>();
    expect(answer.headers['x-result-count']).toBe(String(seen.length));
    for (const { id } of await list()) {
      const isSeen = seen.some((letter) => letter.id === id);
      expect((await world.request(`/api/dead-letters/${id}/`, { headers })).status).toBe(isSeen ? 200 : 404);
      if (isSeen) continue;
      for (const [method, path] of [
        ['DELETE', `/api/dead-letters/${id}/`],
        ['POST', `/api/dead-letters/${id}/retry/`],
      ] as const) {
        expect((await world.request(path, { method, headers })).status).toBe(404);
      }
    }
    return offsets(seen);
  };

  it.each([
    [['*'], '43210'],
    [['waldur:*'], '430'],
    [['waldur:main'], '430'],
    [['waldur:rack1'], ''],
    [['waldur:main:*'], ''],
    [['waldur:main:customer:1'], ''],
    // What names no site is for those who may see all of them.
    [['lxd:main'], ''],
    [['lxd:*', 'waldur:main'], '43210'],
    [[], ''],
  ])('of the scopes %j sees the dead letters of its systems and sites only', async (scopes, offset) => {
    expect(await seenBy(scopes)).toBe(offset);
  });
});

it('who deleted a dead letter is in the audit log', async () => {
  await world.store([broken(topic('cds.run'), 'gone soon')]);
  const [letter] = await list();
  await world.request(`/api/dead-letters/${letter?.id}/`, { method: 'DELETE' });
  const answer = await world.request(`/api/audit/?action=dead_letter.delete&subject=dead_letter:${letter?.id}`);
  expect(answer.json()).toMatchObject([{ actor: { id: 'admin' }, before: { kafka_topic: topic('cds.run') } }]);
});
