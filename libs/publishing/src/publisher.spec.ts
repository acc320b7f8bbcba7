import { catalogue, parseTime, type PayloadOf } from '@tidings/catalogue';
import { decodeRecord, MemoryTransport, type RecordPublisher } from '@tidings/transport';
import { beforeEach, describe, expect, it } from 'vitest';
import { PublishError } from './publish-error.js';
import { Publisher } from './publisher.js';

const TYPE = 'com.waldur.customer_creation_succeeded';
const declared = catalogue.type(TYPE)!;
const payload = declared.example as unknown as PayloadOf<typeof TYPE>;
const kafkaTopic = `team-${declared.kafkaTopic}`;

let transport: MemoryTransport;
let publisher: Publisher;

async function failure(work: Promise<unknown>): Promise<PublishError> {
  const error: unknown = await work.catch((rejection: unknown) => rejection);
  expect(error).toBeInstanceOf(PublishError);
  return error as PublishError;
}

function sent() {
  return transport.records(kafkaTopic).map((record) => {
    const decoded = decodeRecord(record);
    if (decoded.kind !== 'event') throw new Error('no event was sent');
    return { ...decoded.event, data: JSON.parse(decoded.data.toString()) as unknown, key: record.key?.toString() };
  });
}

beforeEach(async () => {
  transport = new MemoryTransport();
  await transport.ensureTopics([{ kafkaTopic, partitions: 2, replicationFactor: 1 }]);
  publisher = new Publisher({ publisher: await transport.createPublisher(), prefix: 'team-' });
});

describe('publishing an event', () => {
  it('fills in what was not said', async () => {
    const before = BigInt(Date.now()) * 1000n;
    const { id } = await publisher.publish(TYPE, payload);
    const [event] = sent();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const subject = declared.subjectOf(payload);
    expect(subject).toBeDefined();
    expect(event).toEqual({
      id,
      source: '/waldur/main',
      type: TYPE,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
      subject,
      dataschema: declared.dataschema,
      data: payload,
      key: subject,
    });
    expect(parseTime(event?.time ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('says what was said', async () => {
    const about = {
      source: 'https://crm.example/eu',
      id: 'order-7',
      time: '2026-11-02T08:01:53.204968123+01:00',
      subject: 'somebody',
      extensions: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    };
    expect(await publisher.publish(TYPE, payload, about)).toMatchObject({ id: 'order-7' });
    expect(sent()).toEqual([{ ...about, type: TYPE, dataschema: declared.dataschema, data: payload, key: 'somebody' }]);
  });

  it('comes from the site that is named', async () => {
    await publisher.publish(TYPE, payload, { site: 'rack1' });
    expect(sent()).toMatchObject([{ source: '/waldur/rack1' }]);
  });

  it('gives events of one moment ids and times in the order of the calls', async () => {
    await publisher.publishBatch(Array.from({ length: 50 }, () => ({ type: TYPE, payload }) as const));
    const times = sent().map(({ time }) => time);
    expect(new Set(times).size).toBe(50);
    expect([...times].sort()).toEqual(times);
  });

  it('names the field of a payload that does not fit, and sends nothing', async () => {
    const { customer_uuid: _left, ...context } = payload.context;
    const error = await failure(publisher.publish(TYPE, { ...payload, context } as typeof payload));
    expect(error).toMatchObject({ code: 'INVALID_PAYLOAD', retriable: false, type: TYPE });
    expect(error.problems.map(({ field }) => field)).toEqual(['context.customer_uuid']);
    expect(error.message).toContain('context.customer_uuid is required');
    expect(sent()).toEqual([]);
  });

  it('names the nearest types for one that nobody declared', async () => {
    const error = await failure(publisher.publish('com.waldur.customer_creation_succeded' as typeof TYPE, payload));
    expect(error.code).toBe('UNKNOWN_TYPE');
    expect(error.nearest[0]).toBe(TYPE);
    expect(error.message).toContain(`did you mean ${TYPE}`);
  });

  it.each([
    ['id', { id: '' }],
    ['id', { id: 'a\u0000b' }],
    ['source', { source: '' }],
    ['subject', { subject: 'line\nbreak' }],
    ['site', { site: 'Not A Site' }],
    ['time', { time: '2026-11-02 08:01' }],
    ['time', { time: '2026-02-30T08:01:53Z' }],
    ['Trace-Parent', { extensions: { 'Trace-Parent': 'x' } }],
    ['type', { extensions: { type: 'x' } }],
    ['count', { extensions: { count: 7 as unknown as string } }],
  ])('refuses an attribute that cannot be used: %s in %j', async (field, about) => {
    const error = await failure(publisher.publish(TYPE, payload, about));
    expect(error.code).toBe('INVALID_ATTRIBUTE');
    expect(error.problems.map((problem) => problem.field)).toEqual([field]);
  });

  it('refuses a payload that is no JSON, or too large', async () => {
    const round: Record<string, unknown> = { ...payload };
    round['round'] = round;
    expect((await failure(publisher.publish(TYPE, round as never))).code).toBe('INVALID_PAYLOAD');
    const small = new Publisher({ publisher: await transport.createPublisher(), maxEventBytes: 10 });
    expect((await failure(small.publish(TYPE, payload))).code).toBe('TOO_LARGE');
  });

  it('keeps what else a payload holds', async () => {
    await publisher.publish(TYPE, { ...payload, later_field: [1, { a: null }] } as typeof payload);
    expect(sent()).toMatchObject([{ data: { later_field: [1, { a: null }] } }]);
  });
});

describe('publishing a batch', () => {
  it('returns the ids and places in order', async () => {
    const published = await publisher.publishBatch([
      { type: TYPE, payload, id: 'a' },
      { type: TYPE, payload, id: 'b', site: 'rack1' },
    ]);
    const { partition } = published[0]!;
    expect(published).toEqual([
      { id: 'a', kafkaTopic, partition, offset: '0' },
      { id: 'b', kafkaTopic, partition, offset: '1' },
    ]);
    expect(sent().map(({ id, source }) => `${id} ${source}`)).toEqual(['a /waldur/main', 'b /waldur/rack1']);
  });

  it('sends nothing when one of them is mistaken, and says which', async () => {
    const error = await failure(
      publisher.publishBatch([
        { type: TYPE, payload },
        { type: TYPE, payload, time: 'yesterday' },
      ]),
    );
    expect(error.problems.map(({ field }) => field)).toEqual(['[1].time']);
    expect(sent()).toEqual([]);
  });

  it('passes on the deadline, and what the broker says', async () => {
    transport.setReachable(false);
    await expect(publisher.publishBatch([{ type: TYPE, payload }], { deadlineMs: 50 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retriable: true,
    });
  });
});

describe('every event type', () => {
  it('can be published with its example', async () => {
    const records: unknown[] = [];
    const recording: RecordPublisher = {
      publish: async (given) => {
        records.push(...given);
        return [];
      },
      close: async () => undefined,
    };
    const all = new Publisher({ publisher: recording });
    for (const { type, example } of catalogue.types()) await all.publish(type as typeof TYPE, example as never);
    expect(records).toHaveLength(catalogue.types().length);
  });
});

/** Never called: it has to compile, or rather, what is marked in it has not to. */
export function compileTime(one: Publisher): Promise<unknown>[] {
  return [
    one.publish(TYPE, payload),
    // @ts-expect-error no such type
    one.publish('com.waldur.customer_creation_succeded', payload),
    // @ts-expect-error a field is missing
    one.publish(TYPE, {}),
    // @ts-expect-error the payload of another type
    one.publish('com.canonical.lxd.operation', payload),
    // @ts-expect-error a source or a site, not both
    one.publish(TYPE, payload, { source: '/a', site: 'b' }),
    // @ts-expect-error in a batch, too, the payload belongs to the type
    one.publishBatch([{ type: 'com.canonical.lxd.operation', payload }]),
  ];
}
