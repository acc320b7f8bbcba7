import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { DELIVERY_LIMITS, STORE_LIMITS } from '@tidings/catalogue';
import type { IncomingRecord } from '@tidings/transport';
import { IngestWorld, native, record, type Message } from './ingest-world.js';

const TYPE = 'com.waldur.customer_creation_succeeded';
const data = { message: 'x', context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'y' } };
const good = (id: string): Message => record({ id, type: TYPE, data });
const structured = (event: string): Message => ({
  headers: { 'content-type': Buffer.from('application/cloudevents+json') },
  value: Buffer.from(event),
});
/** Headers as a foreign client writes them, which the types do not foresee. */
const headers = (odd: Record<string, unknown>): IncomingRecord['headers'] => odd as IncomingRecord['headers'];

let world: IngestWorld;

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
});

afterEach(async () => {
  await world.close();
});

describe('a message that must be put aside', () => {
  const value = Buffer.from('hello');
  const oddities: readonly (readonly [string, Message, Record<string, unknown>])[] = [
    ['a header without a value', { headers: headers({ x: null }), value }, { headers: { x: null } }],
    [
      'a repeated header without values',
      { headers: headers({ x: [null, Buffer.from('a')] }), value },
      { headers: { x: [null, 'a'] } },
    ],
    ['a header called __proto__', { headers: headers(JSON.parse('{"__proto__":null}') as object as never), value }, {}],
    ['a header with NUL and bytes', { headers: { 'a\u0000': Buffer.from([0xff, 0]) }, value }, {}],
    ['no headers and no value', { headers: {}, value: null }, { value: null }],
    ['a key of bytes', { headers: {}, value, key: Buffer.from([0, 0xff]) }, { key: Buffer.from([0, 0xff]) }],
    ['a time without a day', { headers: {}, value, timestamp: '-1' }, { record_time: new Date(-1) }],
    ['a time of the year 1', { headers: {}, value, timestamp: '-62135596800001' }, {}],
    ['a time before any calendar', { headers: {}, value, timestamp: '-300000000000000' }, {}],
    ['the smallest time', { headers: {}, value, timestamp: '-9223372036854775808' }, {}],
    ['the largest time', { headers: {}, value, timestamp: '9223372036854775807' }, {}],
  ];

  it.each(oddities)('is kept with %s, and its neighbours are stored', async (_, message, kept) => {
    await world.ingest([good('a'), message, good('b')]);
    expect(await world.count()).toBe(2);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'not_an_event', kafka_offset: '1', ...kept }]);
    expect(world.announced).toHaveLength(1);
  });

  it('keeps its time to the millisecond', async () => {
    await world.ingest([{ headers: {}, value, timestamp: '-62135596800001' }]);
    const [letter] = await world.query('SELECT extract(epoch FROM record_time)::text AS time FROM events.dead_letter');
    expect(letter?.['time']).toBe('-62135596800.001000');
  });

  it('is kept without those parts that are larger than any event may be', async () => {
    const small = await IngestWorld.create(inject('databaseUrl'), { maxEventBytes: 1_000 });
    try {
      const bytes = (length: number): Buffer => Buffer.alloc(length, 'x');
      await small.ingest([
        { headers: { a: bytes(1_999) }, value: bytes(2_000), key: bytes(2_000) },
        { headers: { a: bytes(2_000) }, value: bytes(2_001), key: bytes(2_001) },
      ]);
      const [whole, bare] = await small.deadLetters();
      expect(whole).toMatchObject({ omitted: null, key: bytes(2_000), value: bytes(2_000) });
      expect(bare).toMatchObject({ omitted: ['key', 'headers', 'value'], key: null, value: null, headers: {} });
      expect(bare?.['detail']).toContain('value (2001 bytes)');
    } finally {
      await small.close();
    }
  });

  it('is kept with less where the database refuses the rest', async () => {
    await world.query("ALTER TABLE events.dead_letter ADD CHECK (headers::text = '{}')");
    await world.ingest([good('a'), { headers: { x: 'y' }, value }, { headers: {}, value }, good('b')]);
    expect(await world.count()).toBe(2);
    expect(await world.deadLetters()).toMatchObject([
      { kafka_offset: '1', omitted: ['key', 'headers'], value },
      { kafka_offset: '2', omitted: null, value },
    ]);
  });
});

describe('names that PostgreSQL gives back differently', () => {
  it.each(['\\ud800', '\\udc00\\ud800', '\\u0000'])('do not hold up the batch: a source with %s', async (half) => {
    const event = `{"specversion":"1.0","id":"1","source":"/team/${half}","type":"${TYPE}","time":"2026-11-02T08:01:53Z",
      "data":${JSON.stringify(data)}}`;
    await world.ingest([good('a'), structured(event), structured(event), good('b')]);
    const letters = await world.deadLetters();
    expect((await world.count()) + letters.length).toBeGreaterThan(2);
    expect(await world.query("SELECT FROM events.event WHERE event_id IN ('a', 'b')")).toHaveLength(2);
  });

  it('are the same event when they come again: half a character in the subject', async () => {
    const odd = native({
      id: 'odd',
      type: TYPE,
      data: '{"message":"\\ud800 \\u0000","context":{"customer_uuid":"\\ud83d"}}',
    });
    await world.ingest([odd]);
    await world.ingest([odd]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toEqual([]);
  });

  it('take numbers of the sequence only when they are new', async () => {
    await world.ingest([good('a')]);
    for (const id of ['b', 'c', 'd']) await world.ingest([good(id)]);
    await world.ingest([record({ id: 'e', type: TYPE, data, source: '/waldur/other' })]);
    expect(await world.query('SELECT id FROM events.source ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await world.query('SELECT last_value FROM events.source_id_seq')).toEqual([{ last_value: '2' }]);
  });
});

describe('depth', () => {
  const nested = (levels: number, space = ''): string =>
    `{"message":"x","context":${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}${space}}`;

  it('is taken up to the limit, and put aside beyond it with its reason', async () => {
    await world.ingest([
      native({ id: 'fits', type: TYPE, data: nested(500) }),
      native({ id: 'deeper', type: TYPE, data: nested(501) }),
    ]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'not_an_event', kafka_offset: '1' }]);
  });

  it('of two copies of one identity in one batch does not hold it up', async () => {
    const copies = ['', ' '].map((space) => native({ id: 'deep', type: TYPE, data: nested(600, space) }));
    await world.ingest([good('a'), ...copies, good('b')]);
    expect(await world.count()).toBe(2);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'not_an_event' }, { reason: 'not_an_event' }]);
  });
});

describe('size', () => {
  it('is that of the event after it was unpacked', async () => {
    const strict = await IngestWorld.create(inject('databaseUrl'), { maxEventBytes: 2_000 });
    try {
      const padded = (bytes: number): string => {
        const text = JSON.stringify(data);
        return `${text.slice(0, -1)}${' '.repeat(bytes - text.length)}}`;
      };
      await strict.ingest([
        record({ id: 'fits', type: TYPE, data: padded(2_000) }),
        record({ id: 'larger', type: TYPE, data: padded(2_001) }),
        structured(`{"specversion":"1.0"${' '.repeat(4_000)}}`),
      ]);
      expect(await strict.count()).toBe(1);
      expect(await strict.deadLetters()).toMatchObject([{ reason: 'too_large' }, { reason: 'too_large' }]);
    } finally {
      await strict.close();
    }
  });
});

describe('an event that the ledger has forgotten', () => {
  const forget = async (): Promise<unknown> => world.query('DELETE FROM events.identity');

  it('is known by the store when it comes again, and those beside it are stored', async () => {
    await world.ingest(Array.from({ length: 50 }, (_, n) => good(`old-${n}`)));
    await forget();
    await world.ingest([...Array.from({ length: 50 }, (_, n) => good(`old-${n}`)), good('fresh')]);
    expect(await world.deadLetters()).toEqual([]);
    expect(await world.count()).toBe(51);
    expect(world.state.counts).toMatchObject({ stored: 51, doubled: 50, letters: 0 });
  });

  it('is in conflict with a copy that differs', async () => {
    await world.ingest([good('old')]);
    await forget();
    await world.ingest([record({ id: 'old', type: TYPE, data: { ...data, message: 'another' } })]);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'conflict' }]);
  });
});

describe('names that senders make up', () => {
  it('are put aside beyond the room of their system, which others keep', async () => {
    const most = STORE_LIMITS.typesOfSystem.value;
    await world.query(`INSERT INTO events.event_type (system, type, native_type)
      SELECT 'lxd', 'made.up.' || n, n::text FROM generate_series(1, ${most - 1}) AS n`);
    const undeclared = (id: string, system: string): Message =>
      native({ id, type: `com.example.${id}`, source: `/${system}/main`, data: {} });
    await world.ingest([undeclared('last', 'lxd'), undeclared('more', 'lxd')], 0, 'lifecycle.lxd.uncatalogued');
    await world.ingest([undeclared('other', 'cds')], 0, 'lifecycle.cds.uncatalogued');
    const declared = { id: 'known', type: 'com.canonical.lxd.logging', source: '/lxd/main', data: {} };
    await world.ingest([native(declared), native(declared)], 0, 'lifecycle.lxd.logging');
    expect(await world.deadLetters()).toMatchObject([{ reason: 'too_many_names', kafka_offset: '1' }]);
    expect(await world.count()).toBe(3);
  });

  it('are put aside beyond the room of their site', async () => {
    const most = STORE_LIMITS.sourcesOfSite.value;
    await world.query(`INSERT INTO events.source (source, site)
      SELECT '/waldur/main/' || n, 'main' FROM generate_series(1, ${most - 1}) AS n`);
    const from = (id: string, source: string): Message => record({ id, type: TYPE, data, source });
    await world.ingest([
      from('last', '/waldur/main/last'),
      from('more', '/waldur/main/more'),
      from('elsewhere', '/waldur/rack1/more'),
      from('team', 'urn:team:1'),
    ]);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'too_many_names', kafka_offset: '1' }]);
    expect(await world.count()).toBe(3);
  });
});

it('puts aside an event that goes round in a loop of deliveries', async () => {
  const after = (hops: number): Message =>
    record({ id: `after-${hops}`, type: TYPE, data, extensions: { tidingshops: String(hops) } });
  const most = DELIVERY_LIMITS.hops.value;
  await world.ingest([after(most), after(most + 1)]);
  expect(await world.count()).toBe(1);
  expect(await world.deadLetters()).toMatchObject([{ reason: 'not_an_event', kafka_offset: '1' }]);
});

describe('a source', () => {
  it('does not speak for another system', async () => {
    await world.ingest([
      record({ id: 'forged', type: TYPE, data, source: '/lxd/main' }),
      record({ id: 'team', type: TYPE, data, source: '/billing/main' }),
    ]);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'foreign_source', system: 'waldur', site: null }]);
    expect(await world.count()).toBe(1);
  });

  it('of a native event decides whose type it is, whatever its name', async () => {
    await world.ingest(
      [native({ id: 'wrapped', type: TYPE, data, source: '/ibm/main' })],
      0,
      'lifecycle.ibm.uncatalogued',
    );
    expect(await world.query('SELECT system, type FROM events.event_type')).toEqual([{ system: 'ibm', type: TYPE }]);
  });
});

it('keeps a native event whose token is longer than any index holds', async () => {
  const token = 'x'.repeat(100_000);
  await world.ingest([
    native({ id: 'long', type: 'com.waldur.token_created', data: { context: { pat_uuid: token, token_uuid: token } } }),
  ]);
  expect(await world.deadLetters()).toEqual([]);
  expect(await world.count()).toBe(1);
});
