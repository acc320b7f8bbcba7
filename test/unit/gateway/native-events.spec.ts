import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { catalogue, DEFAULT_MAX_EVENT_BYTES } from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryGateway, type TestRequest, type WrittenRecord } from './memory-gateway.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const SAMPLES = [
  ['waldur', 'waldur-webhook.ndjson', 41],
  ['lxd', 'lxd-events.ndjson', 38],
  ['cds', 'cds-webhook.ndjson', 33],
  ['ibm', 'ibm-cloudevents.ndjson', 11],
] as const;

const sample = (file: string): string => readFileSync(new URL(`../../samples/${file}`, import.meta.url), 'utf8');

const waldurEvent = {
  created: '2026-11-02T08:01:53.204968Z',
  message: 'Customer University of Tartu has been created.',
  context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'University of Tartu' },
  event_type: 'customer_creation_succeeded',
};
const cdsEvent = {
  id: '5b2f6288-0d8e-4b5c-a734-37fdff1e736a',
  type: 'ProjectCreated',
  project_key: 'GENOME',
  payload: { key: 'GENOME' },
  user_id: 'c15fd02a-4aaf-4f99-a47a-41ebaa03ddeb',
  username: 'bruno',
  timestamp: '2026-11-02T10:43:54.567742Z',
};

let gateway: MemoryGateway;
beforeAll(async () => {
  gateway = await MemoryGateway.start();
});
afterAll(() => gateway.stop());

const ingest = (system: string, request: TestRequest) => gateway.post(`/v1/ingest/${system}`, request);

/** Sends one event and gives the message that came of it. */
async function written(system: string, request: TestRequest): Promise<WrittenRecord> {
  const before = gateway.written();
  const answer = await ingest(system, request);
  expect(answer.status).toBe(202);
  return gateway.newest(before);
}

function dataOf({ record }: WrittenRecord): string {
  return record.value?.toString() ?? '';
}

describe('the four systems', () => {
  it.each(SAMPLES)('takes what %s really sends, line by line, and knows all of it', async (system, file, amount) => {
    const before = gateway.written().length;
    const answer = await ingest(system, { headers: NDJSON, body: sample(file) });
    expect(answer).toMatchObject({ status: 202, body: { accepted: amount, rejected: 0, dead_lettered: 0 } });
    expect(new Set(answer.body.events?.map(({ status }) => status))).toEqual(new Set(['accepted']));
    expect(new Set(answer.body.events?.map(({ source }) => source))).toEqual(new Set([`/${system}/main`]));
    expect(gateway.written().length - before).toBe(amount);
  });

  it.each(SAMPLES)('takes the events of %s as an array, and one by one', async (system, file, amount) => {
    const lines = sample(file).trim().split('\n');
    const array = await ingest(system, { headers: JSON_TYPE, body: `[${lines.join(',\n')}]` });
    expect(array).toMatchObject({ status: 202, body: { accepted: amount } });
    const single = await ingest(system, {
      headers: JSON_TYPE,
      body: JSON.stringify(JSON.parse(lines[0] ?? ''), null, 2),
    });
    expect(single).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(single.body.events?.[0]).toEqual(array.body.events?.[0]);
  });

  it('puts each event on the kafkaTopic of its type, keyed by its subject and marked as native', async () => {
    const { kafkaTopic, record, decoded } = await written('cds', {
      headers: JSON_TYPE,
      body: JSON.stringify(cdsEvent),
    });
    const declared = catalogue.type('com.ovh.cds.ProjectCreated');
    expect(kafkaTopic).toBe(declared?.kafkaTopic);
    expect(decoded).toMatchObject({
      kind: 'event',
      native: true,
      event: { id: cdsEvent.id, source: '/cds/main', type: 'com.ovh.cds.ProjectCreated', time: cdsEvent.timestamp },
    });
    expect(record.key?.toString()).toBe(decoded.kind === 'event' ? decoded.event.subject : undefined);
  });

  it('gives the same identity to the same event in either of its forms', async () => {
    const [line = ''] = sample('ibm-cloudevents.ndjson').split('\n');
    const wrapped = await ingest('ibm', { headers: { 'content-type': 'application/cloudevents+json' }, body: line });
    const { data } = JSON.parse(line) as { data: unknown };
    const bare = await ingest('ibm', { headers: JSON_TYPE, body: JSON.stringify(data) });
    expect(bare.body.events?.[0]?.uuid).toBe(wrapped.body.events?.[0]?.uuid);
  });
});

describe('the site', () => {
  it('becomes part of the source', async () => {
    const answer = await ingest('cds?site=rack1', { headers: JSON_TYPE, body: JSON.stringify(cdsEvent) });
    expect(answer.body.events?.[0]?.source).toBe('/cds/rack1');
  });

  it.each(['site=Rack', 'site=', 'site=a%2Fb', 'site=a&site=b'])('is turned away as %s', async (query) => {
    const before = gateway.written().length;
    const answer = await ingest(`cds?${query}`, { headers: JSON_TYPE, body: JSON.stringify(cdsEvent) });
    expect(answer).toMatchObject({ status: 400, body: { site: [expect.any(String) as string] } });
    expect(gateway.written().length).toBe(before);
  });
});

describe('an unknown system', () => {
  it.each(['nope', 'api', 'tidings', '__proto__', 'constructor'])(
    '%s is not found, and the known ones are named',
    async (system) => {
      const answer = await ingest(system, { headers: JSON_TYPE, body: '{}' });
      expect(answer.status).toBe(404);
      expect(answer.body.errors?.[0]).toMatchObject({
        field: 'system',
        problem: expect.stringMatching(/cds.*ibm|ibm.*cds/) as string,
      });
    },
  );
});

describe('an event that does not fit', () => {
  it('of an unknown type is kept, uncatalogued', async () => {
    const before = gateway.written();
    const body = JSON.stringify({ ...cdsEvent, type: 'SomethingQuiteNew' });
    const answer = await ingest('cds', { headers: JSON_TYPE, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, uncatalogued: 1 } });
    expect(answer.body.events?.[0]).toMatchObject({ status: 'uncatalogued', type: 'com.ovh.cds.SomethingQuiteNew' });
    expect(gateway.newest(before)).toMatchObject({
      kafkaTopic: 'lifecycle.cds.uncatalogued',
      decoded: { kind: 'event', native: true },
    });
  });

  it('with a payload that does not conform is kept, and its problems are told', async () => {
    const before = gateway.written();
    const body = JSON.stringify({ ...cdsEvent, project_key: 7 });
    const answer = await ingest('cds', { headers: JSON_TYPE, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, non_conforming: 1 } });
    expect(answer.body.events?.[0]).toMatchObject({
      status: 'non_conforming',
      problems: [{ field: 'project_key', problem: expect.any(String) as string }],
    });
    expect(gateway.newest(before)).toMatchObject({
      kafkaTopic: catalogue.type('com.ovh.cds.ProjectCreated')?.kafkaTopic,
    });
  });

  it.each([
    ['no type', JSON.stringify({ ...cdsEvent, type: undefined }), 'type'],
    ['no time', JSON.stringify({ ...cdsEvent, timestamp: 'yesterday' }), 'timestamp'],
    ['no shape', '[[1]]', ''],
    ['no object', '"text"', ''],
    ['a nesting nobody can read', `{"a":${'['.repeat(600)}${']'.repeat(600)}}`, ''],
  ])('because it has %s goes on raw, for the dead letters, and the answer says so', async (_, body, field) => {
    const before = gateway.written();
    const answer = await ingest('cds?site=rack1', { headers: NDJSON, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 0, dead_lettered: 1, rejected: 0 } });
    expect(answer.body.events?.[0]).toMatchObject({
      position: 0,
      status: 'dead_letter',
      problems: [{ field, problem: expect.any(String) as string }],
    });
    const { kafkaTopic, decoded, record } = gateway.newest(before);
    expect(kafkaTopic).toBe('lifecycle.cds.uncatalogued');
    expect(decoded).toMatchObject({ kind: 'raw-native', raw: { system: 'cds', site: 'rack1' } });
    expect(record.value?.toString()).toBe(body);
  });

  it('cannot pass for another system’s by naming its type in a wrapper', async () => {
    const body = JSON.stringify({
      specversion: '1.0',
      id: 'x',
      source: 'crn:x',
      type: 'com.waldur.customer_creation_succeeded',
      time: '2026-11-02T10:47:09Z',
      data: { message: 'x' },
    });
    expect(await written('ibm', { headers: JSON_TYPE, body })).toMatchObject({
      kafkaTopic: 'lifecycle.ibm.uncatalogued',
    });
  });

  it('among lines does not keep the others out, and is told by its position', async () => {
    const good = JSON.stringify(cdsEvent);
    const big = JSON.stringify({ ...cdsEvent, payload: 'x'.repeat(DEFAULT_MAX_EVENT_BYTES) });
    const body = Buffer.concat([
      Buffer.from(`${good}\n\nnot json\n${big}\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`{"type":1}\n${good}`),
    ]);
    const answer = await ingest('cds', { headers: NDJSON, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, rejected: 0, dead_lettered: 4 } });
    expect(answer.body.events?.map(({ position, status }) => [position, status])).toEqual([
      [0, 'accepted'],
      [1, 'dead_letter'],
      [2, 'dead_letter'],
      [3, 'dead_letter'],
      [4, 'dead_letter'],
      [5, 'accepted'],
    ]);
  });
});

describe('a body that its system will not send again', () => {
  const event = JSON.stringify(cdsEvent);
  const putAside = () =>
    gateway
      .written()
      .filter(({ decoded }) => decoded.kind === 'raw-native')
      .map(({ record }) => record.value);
  const TYPES = [
    '',
    'text/plain',
    'application/octet-stream',
    '*/*',
    'application/x-www-form-urlencoded',
    'json',
    'a/b/c',
  ];

  it.each([...TYPES, 'application/json; charset=latin1', 'text/xml; charset="utf-16"', undefined])(
    'is read as JSON where its type is %j',
    async (type) => {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      expect(await ingest('cds', { headers, body: event })).toMatchObject({ status: 202, body: { accepted: 1 } });
      const lines = await ingest('cds', { headers, body: `${event}\n${event}\n` });
      expect(lines).toMatchObject({ status: 202, body: { accepted: 2 } });
    },
  );

  it.each([
    ['gzip', event],
    ['br', event],
    ['utf-8', event],
    ['identity', gzipSync(event)],
    ['br', gzipSync(event)],
  ])('is read whatever its encoding is called: %s', async (encoding, body) => {
    const headers = { ...JSON_TYPE, 'content-encoding': encoding };
    expect(await ingest('cds', { headers, body })).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it.each<[string, TestRequest, number]>([
    ['is no JSON', { headers: JSON_TYPE, body: 'hello' }, 1],
    ['has lines without any JSON', { headers: NDJSON, body: 'hello\nworld' }, 2],
    ['is XML', { headers: { 'content-type': 'text/xml' }, body: '<a/>' }, 1],
    ['is a form of a system that sends none', { headers: FORM, body: 'a=b&c=d' }, 1],
    ['is not UTF-8', { headers: JSON_TYPE, body: Buffer.from([0x22, 0xff, 0x22]) }, 1],
    ['is UTF-16', { headers: JSON_TYPE, body: Buffer.from(event, 'utf16le') }, 1],
    ['is Brotli', { headers: { ...JSON_TYPE, 'content-encoding': 'br' }, body: Buffer.from([0x0b, 0x02, 0x80]) }, 1],
    ['has a null character', { headers: JSON_TYPE, body: '\u0000' }, 1],
    ['is no event', { headers: JSON_TYPE, body: '7' }, 1],
    ['is too large', { headers: JSON_TYPE, body: `"${'x'.repeat(DEFAULT_MAX_EVENT_BYTES)}"` }, 1],
    ['is nested too deep', { headers: JSON_TYPE, body: '['.repeat(1_000) + '{"a":'.repeat(501) + '1' }, 1],
  ])('is put aside where it %s, and the answer says so', async (_, request, letters) => {
    const before = putAside().length;
    const answer = await ingest('cds', request);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 0, rejected: 0, dead_lettered: letters } });
    expect(putAside()).toHaveLength(before + letters);
  });

  it('is put aside whole where it breaks off, behind the events that it had', async () => {
    const body = `[${event},`;
    const answer = await ingest('cds', { headers: JSON_TYPE, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, dead_lettered: 1 } });
    expect(answer.body.events?.[1]?.problems?.[0]?.problem).toContain('breaks off');
    expect(putAside().map(String)).toContain(body);
  });

  it('keeps the beginning of what is too large', async () => {
    await ingest('cds', { headers: JSON_TYPE, body: `"${'x'.repeat(DEFAULT_MAX_EVENT_BYTES)}"` });
    expect(putAside().map((value) => value?.length)).toContain(16_384);
  });

  it('is read up to a thousand dead letters, and the answer says where it stopped', async () => {
    const fine = await ingest('cds', { headers: NDJSON, body: '{}\n'.repeat(999) });
    expect(fine).toMatchObject({ status: 202, body: { dead_lettered: 999 } });
    const body = `${event}\n${'{}\n'.repeat(5_000)}`;
    const answer = await ingest('cds', { headers: NDJSON, body });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'too_many_dead_letters', accepted: 1, dead_lettered: 1_000, stopped_at: 1_001 },
    });
  });
});

describe('a body that cannot be taken', () => {
  it.each<[string, number, string, TestRequest]>([
    ['that is empty', 400, 'empty_body', { headers: NDJSON, body: '' }],
    ['of blank lines', 400, 'empty_body', { headers: NDJSON, body: '\n \r\n' }],
    ['that is missing', 400, 'empty_body', {}],
    [
      'of broken gzip',
      400,
      'malformed_request',
      {
        headers: { ...NDJSON, 'content-encoding': 'gzip' },
        body: gzipSync(sample('cds-webhook.ndjson')).subarray(0, 500),
      },
    ],
  ])('%s is answered %i %s, and nothing is written', async (_, status, code, request) => {
    const before = gateway.written().length;
    const answer = await ingest('cds', request);
    expect(answer).toMatchObject({ status, body: { code, errors: [{ problem: expect.any(String) as string }] } });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(gateway.written().length).toBe(before);
  });
});

describe('what a body may be', () => {
  it('takes lines that came as application/json', async () => {
    const answer = await ingest('cds', { headers: JSON_TYPE, body: sample('cds-webhook.ndjson') });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 33 } });
  });

  it('takes gzip', async () => {
    const body = gzipSync(sample('lxd-events.ndjson'));
    const answer = await ingest('lxd', { headers: { ...NDJSON, 'content-encoding': 'gzip' }, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 38 } });
  });

  it('takes JSON without a content type', async () => {
    expect(await ingest('cds', { body: JSON.stringify(cdsEvent) })).toMatchObject({
      status: 202,
      body: { accepted: 1 },
    });
  });

  it('takes an empty array for no events', async () => {
    expect(await ingest('cds', { headers: JSON_TYPE, body: '[]' })).toMatchObject({
      status: 202,
      body: { accepted: 0, events: [] },
    });
  });

  it('takes the largest event that is allowed, and puts aside one that is a byte larger', async () => {
    const ASIDE = { accepted: 0, dead_lettered: 1 };
    const empty = JSON.stringify({ ...cdsEvent, payload: '' }).length;
    const body = (bytes: number) => JSON.stringify({ ...cdsEvent, payload: 'x'.repeat(bytes - empty) });
    expect((await ingest('cds', { headers: JSON_TYPE, body: body(DEFAULT_MAX_EVENT_BYTES) })).status).toBe(202);
    expect((await ingest('cds', { headers: NDJSON, body: body(DEFAULT_MAX_EVENT_BYTES) })).status).toBe(202);
    expect((await ingest('cds', { headers: JSON_TYPE, body: body(DEFAULT_MAX_EVENT_BYTES + 1) })).body).toMatchObject(
      ASIDE,
    );
    expect((await ingest('cds', { headers: NDJSON, body: body(DEFAULT_MAX_EVENT_BYTES + 1) })).body).toMatchObject(
      ASIDE,
    );
  });

  it('takes Waldur’s form for the same event as its JSON', async () => {
    const form = new URLSearchParams({ ...waldurEvent, context: JSON.stringify(waldurEvent.context) }).toString();
    const asForm = await ingest('waldur', { headers: FORM, body: form });
    const asJson = await ingest('waldur', { headers: JSON_TYPE, body: JSON.stringify(waldurEvent) });
    const asCurlSendsIt = await ingest('waldur', { headers: FORM, body: JSON.stringify(waldurEvent) });
    expect(asForm).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(asForm.body.events).toEqual(asJson.body.events);
    expect(asCurlSendsIt.body.events).toEqual(asJson.body.events);
  });

  it.each([
    ['flattened to its names', '&context=customer_uuid&context=customer_name'],
    ['flattened to one name', '&context=user_uuid'],
    ['empty', '&context='],
    ['there twice', '&context=%7B%22a%22%3A1%7D&context=%7B%22a%22%3A2%7D'],
    ['written by Python', `&context=${encodeURIComponent("{'customer_uuid': None}")}`],
  ])('keeps a form whose context is %s, marked', async (_, context) => {
    const body = `created=2026-11-02T08%3A01%3A53.204968%2B00%3A00&message=Hi.&event_type=customer_creation_succeeded${context}`;
    const answer = await ingest('waldur', { headers: FORM, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(answer.body.events?.[0]).toMatchObject({
      status: 'non_conforming',
      type: 'com.waldur.customer_creation_succeeded',
    });
  });

  it('keeps a form whose time has a plus that was not escaped', async () => {
    const body = 'created=2026-11-02T08:01:53.204968+02:00&message=Hi.&event_type=x';
    const answer = await ingest('waldur', { headers: FORM, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it('puts the beginning of a form aside that is too large, for Waldur will not send it again', async () => {
    const form = `message=a,b ${'%20'.repeat(DEFAULT_MAX_EVENT_BYTES)}`;
    const answer = await ingest('waldur', { headers: FORM, body: form });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 0, dead_lettered: 1 } });
    expect(answer.body.events?.[0]?.problems?.[0]?.problem).toContain('is a form larger than 3145728 bytes');
  });

  it('puts a form aside that has far too many fields, or is not UTF-8', async () => {
    const fields = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join('&');
    for (const body of [fields(200_000), 'a=\xff', Buffer.from([0x61, 0x3d, 0xff])]) {
      const answer = await ingest('waldur', { headers: FORM, body });
      expect(answer).toMatchObject({ status: 202, body: { accepted: 0, dead_lettered: 1 } });
    }
  });
});

describe('what JSON can carry', () => {
  it.each([
    ['a null character', '"\\u0000"'],
    ['lone surrogates', '"\\ud800 and \\udc00"'],
    ['unicode', '"Mägi 😀 \u2028"'],
    ['numbers beyond a double', '[12345678901234567890123, 1e400, -0.1234567890123456789, 9007199254740993]'],
    ['__proto__ and constructor', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}}}'],
    [
      '10,000 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`key-${key}`, key]))),
    ],
  ])('survives: %s', async (_, payload) => {
    const text = JSON.stringify({ ...cdsEvent, payload: 'PAYLOAD' }).replace('"PAYLOAD"', () => payload);
    const record = await written('cds', { headers: JSON_TYPE, body: text });
    expect(dataOf(record).replaceAll(/\s/g, '')).toContain(payload.replaceAll(/\s/g, ''));
    expect({}).not.toHaveProperty('polluted');
  });

  it('keeps nanoseconds in the time', async () => {
    const [line = ''] = sample('lxd-events.ndjson').split('\n');
    const { decoded } = await written('lxd', { headers: NDJSON, body: line });
    expect(decoded).toMatchObject({ event: { time: (JSON.parse(line) as { timestamp: string }).timestamp } });
  });
});

describe('a trace', () => {
  it('of the request travels with its events', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { ...JSON_TYPE, traceparent, tracestate: 'a=1' };
    const { decoded } = await written('cds', { headers, body: JSON.stringify(cdsEvent) });
    expect(decoded).toMatchObject({ event: { extensions: { traceparent, tracestate: 'a=1' } } });
  });
});

describe('a long stream', () => {
  it('is answered with counts, and the first exceptions only', async () => {
    const line = `${JSON.stringify(cdsEvent)}\n`;
    const body = `${line.repeat(1_500)}nope\n${line.repeat(600)}{}\n`;
    const answer = await ingest('cds', { headers: NDJSON, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2_100, rejected: 0, dead_lettered: 2 } });
    expect(answer.body.events).toBeUndefined();
    expect(answer.body.exceptions?.map(({ position, status }) => [position, status])).toEqual([
      [1_500, 'dead_letter'],
      [2_101, 'dead_letter'],
    ]);
  });
});
