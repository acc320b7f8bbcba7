import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { catalogue, eventUuid, hyphenated, identityKey, parseTime, scopeKey } from '@tidings/catalogue';
import { IngestWorld, native, record } from './ingest-world.js';

let world: IngestWorld;

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
});

afterEach(async () => {
  await world.close();
});

const CUSTOMER = '47eaa0992cb6416d86dc283cf0480ff9';
const customerCreated = {
  message: 'Customer University of Tartu has been created.',
  context: { customer_uuid: CUSTOMER, customer_name: 'University of Tartu' },
};
const TYPE = 'com.waldur.customer_creation_succeeded';

describe('storing', () => {
  it('keeps every part of an event in its column', async () => {
    await world.ingest([
      record({
        id: 'e-1',
        type: TYPE,
        time: '2026-11-02T08:01:53.204968123Z',
        subject: CUSTOMER,
        data: customerCreated,
        extensions: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      }),
    ]);
    const micros = parseTime('2026-11-02T08:01:53.204968Z') ?? 0n;
    const [row] = await world.query(
      `SELECT e.*, t.system, t.type, t.native_type, s.source, s.site, k.kafka_topic, e.data::text AS data_text
      FROM events.event e JOIN events.event_type t ON t.id = type_id JOIN events.source s ON s.id = source_id
      JOIN events.kafka_topic k ON k.id = kafka_topic_id`,
    );
    expect(row).toMatchObject({
      id: hyphenated(eventUuid(micros, identityKey('/waldur/main', 'e-1'))),
      time: new Date('2026-11-02T08:01:53.204Z'),
      system: 'waldur',
      type: TYPE,
      native_type: 'customer_creation_succeeded',
      source: '/waldur/main',
      site: 'main',
      kafka_topic: 'lifecycle.waldur.customers',
      kafka_partition: 0,
      kafka_offset: '0',
      tenant: hyphenated(scopeKey('waldur', CUSTOMER)),
      project: null,
      conforming: true,
      event_id: 'e-1',
      subject: CUSTOMER,
      message: 'Customer University of Tartu has been created.',
      data_text: JSON.stringify(customerCreated),
      attributes: {
        time: '2026-11-02T08:01:53.204968123Z',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
      problems: null,
      search_text: `customer university of tartu has been created.\u001f${CUSTOMER} university of tartu`,
    });
    expect(BigInt(String(row?.['transaction']))).toBeGreaterThan(0n);
    expect(row?.['stored_at']).toBeInstanceOf(Date);
  });

  it('stores an identity once, however often and wherever it comes', async () => {
    const event = { id: 'twice', type: TYPE, data: customerCreated };
    await world.ingest([record(event), record(event)], 0);
    await world.ingest([record(event)], 1);
    await world.ingest([
      record({ ...event, data: { context: customerCreated.context, message: customerCreated.message } }),
    ]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toEqual([]);
    expect(world.state.counts).toMatchObject({ stored: 1, doubled: 3 });
  });

  it('does not count delivery details among what makes an event', async () => {
    const event = { id: 'traced', type: TYPE, data: customerCreated };
    await world.ingest([record({ ...event, extensions: { traceparent: '00-a-b-01' } })]);
    await world.ingest([record({ ...event, extensions: { traceparent: '00-c-d-01' } })]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toEqual([]);
  });

  it('takes an event without a time of its own for the same when it comes later again', async () => {
    const event = { id: 'timeless', type: TYPE, data: customerCreated, extensions: { timeofarrival: 'true' } };
    await world.ingest([record({ ...event, time: '2026-11-02T08:00:00Z' })]);
    await world.ingest([record({ ...event, time: '2026-11-02T08:00:07Z' })]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toEqual([]);
  });

  it.each([
    ['data', { data: { ...customerCreated, message: 'Another one.' } }],
    ['time, in another month', { time: '2026-12-24T12:00:00Z' }],
    ['subject', { subject: 'somebody else' }],
    ['type', { type: 'com.waldur.customer_update_succeeded' }],
  ])('makes a dead letter of the same identity with another %s', async (_, difference) => {
    const event = { id: 'taken', type: TYPE, data: customerCreated };
    await world.ingest([record(event)]);
    await world.ingest([record({ ...event, ...difference }), record({ ...event, id: 'neighbour' })]);
    expect(await world.count()).toBe(2);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'conflict' }]);
  });

  it('sees a conflict within one batch', async () => {
    const event = { id: 'taken', type: TYPE, data: customerCreated };
    await world.ingest([record(event), record({ ...event, data: { ...customerCreated, message: 'Another one.' } })]);
    expect(await world.count()).toBe(1);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'conflict' }]);
  });

  it('keeps the ids of two sources apart', async () => {
    const event = { id: 'same', type: TYPE, data: customerCreated };
    await world.ingest([record({ ...event, source: '/waldur/main' }), record({ ...event, source: '/waldur/rack1' })]);
    expect(await world.count()).toBe(2);
  });

  it('stores what batches have in common once, and lets neither wait for ever', async () => {
    const events = Array.from({ length: 300 }, (_, n) => record({ id: `e-${n}`, type: TYPE, data: customerCreated }));
    await Promise.all([
      world.ingest(events, 0),
      world.ingest([...events].reverse(), 1),
      world.ingest(events.slice(100, 200), 2),
    ]);
    expect(await world.count()).toBe(300);
    expect(world.state.counts).toMatchObject({ stored: 300, doubled: 400 });
  });

  it.each([
    [
      'a NUL',
      '{"context":{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9","x":"a\\u0000b"},"message":"NUL\\u0000!"}',
    ],
    ['a lone surrogate', '{"context":{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9"},"message":"half \\ud83d"}'],
    [
      'numbers no double holds',
      '{"context":{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9","n":12345678901234567890.123e400}}',
    ],
    ['the key __proto__', '{"context":{"customer_uuid":"47eaa0992cb6416d86dc283cf0480ff9","__proto__":{"a":1}}}'],
    ['white space of its own', '{ "context" : {"customer_uuid":\t"47eaa0992cb6416d86dc283cf0480ff9"} }'],
  ])('keeps a payload with %s to the letter', async (_, text) => {
    await world.ingest([record({ id: 'odd', type: TYPE, data: text })]);
    expect(await world.deadLetters()).toEqual([]);
    const [row] = await world.query('SELECT data::text AS data FROM events.event');
    expect(row?.['data']).toBe(text);
  });

  it('keeps events of any year, in the default partition where no other is', async () => {
    const times = ['0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999999Z', '9999-12-31T23:59:59Z'];
    await world.ingest(times.map((time) => record({ id: time, type: TYPE, time, data: customerCreated })));
    const rows = await world.query('SELECT event_id FROM events.event_default ORDER BY id');
    expect(rows.map((row) => row['event_id'])).toEqual(times);
  });
});

describe('what does not fit', () => {
  it('puts aside the one row that the database refuses, and stores its neighbours', async () => {
    await world.query("ALTER TABLE events.event ADD CHECK (event_id <> 'refused')");
    const batch = Array.from({ length: 50 }, (_, n) =>
      record({ id: n === 17 ? 'refused' : `e-${n}`, type: TYPE, data: customerCreated }),
    );
    await world.ingest(batch);
    expect(await world.count()).toBe(49);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'rejected_by_database', kafka_offset: '17' }]);
  });

  it.each([
    ['not_an_event', 'a message without a CloudEvent', { headers: {}, value: Buffer.from('hello') }],
    ['not_an_event', 'an empty message', { headers: {}, value: null }],
    ['not_an_event', 'data that is no JSON', record({ id: 'a', type: TYPE, data: '{"context"' })],
    [
      'not_an_event',
      'data that is no UTF-8',
      { ...record({ id: 'a', type: TYPE, data: '{}' }), value: Buffer.from([0x22, 0xff, 0x22]) },
    ],
    ['not_an_event', 'a time that is none', record({ id: 'a', type: TYPE, time: 'yesterday', data: customerCreated })],
    [
      'unknown_type',
      'a type that nobody declared',
      record({ id: 'a', type: 'com.waldur.customer_creation_suceeded', data: {} }),
    ],
    ['invalid_payload', 'a payload that does not fit', record({ id: 'a', type: TYPE, data: { context: {} } })],
  ])('makes a dead letter (%s) of %s that was written straight to Kafka', async (reason, _, message) => {
    await world.ingest([message, record({ id: 'neighbour', type: TYPE, data: customerCreated })]);
    expect(await world.count()).toBe(1);
    const [letter] = await world.deadLetters();
    expect(letter).toMatchObject({
      reason,
      value: message.value,
      kafka_topic: 'lifecycle.waldur.customers',
      kafka_offset: '0',
    });
    expect(world.announced).toHaveLength(1);
    expect(world.announced[0]).toMatchObject({ kafkaTopic: 'tidings.dead-letters', value: message.value });
  });

  it('names the nearest types in the dead letter of a mistaken one', async () => {
    await world.ingest([record({ id: 'a', type: 'com.waldur.customer_creation_suceeded', data: {} })]);
    const [letter] = await world.deadLetters();
    expect(JSON.stringify(letter?.['problems'])).toContain(TYPE);
  });

  it('keeps a native event of a type that nobody declared, with all that can be read of it', async () => {
    await world.ingest(
      [native({ id: 'n', type: 'com.waldur.customer_teleported', data: customerCreated })],
      0,
      'lifecycle.waldur.uncatalogued',
    );
    const [row] = await world.query('SELECT e.*, t.* FROM events.event e JOIN events.event_type t ON t.id = e.type_id');
    expect(row).toMatchObject({
      system: 'waldur',
      type: 'com.waldur.customer_teleported',
      native_type: 'customer_teleported',
      tenant: hyphenated(scopeKey('waldur', CUSTOMER)),
      message: customerCreated.message,
      conforming: true,
    });
  });

  it('keeps a native event that does not conform, with the reasons', async () => {
    await world.ingest([native({ id: 'n', type: TYPE, data: { message: 'Who?', context: {} } })]);
    const [row] = await world.query('SELECT * FROM events.event');
    expect(row).toMatchObject({ conforming: false, message: 'Who?' });
    expect(JSON.stringify(row?.['problems'])).toContain('customer_uuid');
  });

  it('puts a raw native event aside even if it can be read by now, since its subscribers would not hear of it', async () => {
    const headers = {
      'tidings-native': Buffer.from('waldur/main'),
      'tidings-problem': Buffer.from('created: is required'),
    };
    const readable = {
      message: 'Hm.',
      context: { customer_uuid: CUSTOMER },
      event_type: 'customer_creation_succeeded',
      created: '2026-11-02T08:01:53.204968Z',
    };
    await world.ingest([{ headers, value: Buffer.from(JSON.stringify(readable)) }], 0, 'lifecycle.waldur.uncatalogued');
    expect(await world.count()).toBe(0);
    expect(await world.deadLetters()).toMatchObject([
      { reason: 'unusable_native_event', system: 'waldur', site: 'main' },
    ]);
  });

  it('keeps a message that is read twice as one dead letter', async () => {
    const broken = { headers: {}, value: Buffer.from('hello') };
    await world.ingest([broken]);
    world.rewind();
    await world.ingest([broken]);
    expect(await world.deadLetters()).toHaveLength(1);
    expect(world.announced).toHaveLength(1);
  });
});

describe('the catalogue in the store', () => {
  it('takes the example of every declared type', async () => {
    const types = catalogue.types();
    await world.ingest(
      types.map(({ type, system, example }) => record({ id: type, type, source: `/${system}/main`, data: example })),
    );
    expect(await world.deadLetters()).toEqual([]);
    expect(await world.count()).toBe(types.length);
    const rows = await world.query(`SELECT message FROM events.event WHERE message = '' OR message LIKE '%undefined%'`);
    expect(rows).toEqual([]);
  });
});
