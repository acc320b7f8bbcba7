import { catalogue, formatTime, hyphenated, eventUuid, identityKey, parseTime } from '@tidings/catalogue';
import { CloudEvent, HTTP, type CloudEventV1, type Message } from 'cloudevents';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryGateway, type TestRequest, type WrittenRecord } from './memory-gateway.js';

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const JSON_TYPE = { 'content-type': 'application/json' };
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const data = { project_key: 'GENOME', username: 'bruno' };
const event = {
  specversion: '1.0',
  id: 'a-1',
  source: '/cds/main',
  type: 'com.ovh.cds.ProjectCreated',
  time: '2026-11-02T10:43:54.567742891Z',
  data,
};
const binary = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': 'a-1',
  'ce-source': '/cds/main',
  'ce-type': 'com.ovh.cds.ProjectCreated',
  'ce-time': '2026-11-02T10:43:54.567742891Z',
};

let gateway: MemoryGateway;
beforeAll(async () => {
  gateway = await MemoryGateway.start({ TIDINGS_MAX_EVENT_BYTES: '20000' });
});
afterAll(() => gateway.stop());

const publish = (request: TestRequest) => gateway.post('/v1/events', request);

async function written(request: TestRequest): Promise<WrittenRecord> {
  const before = gateway.written();
  const answer = await publish(request);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 1, rejected: 0 } });
  return gateway.newest(before);
}

function structured(changes: Readonly<Record<string, unknown>> = {}): TestRequest {
  return { headers: STRUCTURED, body: JSON.stringify({ ...event, ...changes }) };
}

describe('every content mode', () => {
  it.each<[string, TestRequest]>([
    ['structured', structured()],
    ['structured, as plain JSON', { ...structured(), headers: JSON_TYPE }],
    ['structured, with base64', structured({ data: undefined, data_base64: btoa(JSON.stringify(data)) })],
    ['a batch of one', { headers: BATCH, body: JSON.stringify([event]) }],
    ['binary', { headers: binary, body: JSON.stringify(data) }],
  ])('gives the same message: %s', async (_, request) => {
    const { kafkaTopic, record, decoded } = await written(request);
    const declared = catalogue.type(event.type);
    expect(kafkaTopic).toBe(declared?.kafkaTopic);
    expect(record.value?.toString()).toBe(JSON.stringify(data));
    const { id, source, type, time } = event;
    const subject = declared?.subjectOf(data);
    expect(decoded).toMatchObject({
      kind: 'event',
      native: false,
      event: { id, source, type, time, dataschema: declared?.dataschema, ...(subject !== undefined && { subject }) },
    });
    expect(record.key?.toString()).toBe(subject);
  });

  it('answers with the id and the uuid', async () => {
    const { id, source, type, time } = event;
    const uuid = hyphenated(eventUuid(parseTime(time) ?? 0n, identityKey(source, id)));
    expect((await publish(structured())).body.events).toEqual([
      { position: 0, status: 'accepted', id, source, type, uuid },
    ]);
  });

  it('takes a batch, the good ones beside the bad ones', async () => {
    const body = JSON.stringify([
      event,
      { ...event, type: 'x' },
      5,
      { ...event, id: undefined },
      { ...event, id: 'b' },
    ]);
    const answer = await publish({ headers: BATCH, body });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, rejected: 3 } });
    expect(answer.body.events?.map(({ code, status }) => code ?? status)).toEqual([
      'accepted',
      'unknown_event_type',
      'unprocessable_event',
      'unprocessable_event',
      'accepted',
    ]);
    expect(await publish({ headers: BATCH, body: '[]' })).toMatchObject({ status: 202, body: { accepted: 0 } });
  });

  it('keeps what the sender says of subject, schema and extensions', async () => {
    const { decoded, record } = await written(
      structured({ subject: 'mine', dataschema: 'urn:mine', traceparent: TRACEPARENT, tenant: 'a', count: 3 }),
    );
    expect(decoded).toMatchObject({
      event: {
        subject: 'mine',
        dataschema: 'urn:mine',
        extensions: { traceparent: TRACEPARENT, tenant: 'a', count: '3' },
      },
    });
    expect(record.key?.toString()).toBe('mine');
  });

  it('takes the request’s trace where the event has none of its own', async () => {
    const other = TRACEPARENT.replace('0af7', 'ffff');
    const headers = { ...STRUCTURED, traceparent: other };
    expect((await written({ ...structured(), headers })).decoded).toMatchObject({
      event: { extensions: { traceparent: other } },
    });
    expect((await written({ ...structured({ traceparent: TRACEPARENT }), headers })).decoded).toMatchObject({
      event: { extensions: { traceparent: TRACEPARENT } },
    });
    const broken = await written({ ...structured(), headers: { ...STRUCTURED, traceparent: 'nonsense' } });
    expect(broken.decoded.kind === 'event' && broken.decoded.event.extensions).toBe(undefined);
  });

  it('takes the present for a missing time, in microseconds', async () => {
    const { decoded } = await written(structured({ time: undefined }));
    const time = decoded.kind === 'event' ? decoded.event.time : '';
    expect(time).toMatch(/\.\d{6}Z$/);
    expect(Math.abs(Number(parseTime(time) ?? 0n) / 1_000 - Date.now())).toBeLessThan(60_000);
  });

  it('decodes what binary mode encodes in headers', async () => {
    const headers = { ...binary, 'ce-subject': 'Euro%20%E2%82%AC', 'ce-tenant': '"quoted text"' };
    expect((await written({ headers, body: JSON.stringify(data) })).decoded).toMatchObject({
      event: { subject: 'Euro €', extensions: { tenant: 'quoted text' } },
    });
  });

  it.each([
    ['in binary mode', (text: string) => ({ headers: binary, body: text })],
    [
      'in structured mode',
      (text: string) => ({
        headers: STRUCTURED,
        body: JSON.stringify(event).replace(JSON.stringify(data), () => text),
      }),
    ],
  ])('passes the data on byte by byte %s', async (_, request) => {
    const text =
      '{ "project_key":"G\\u00e9nome",  "n": [1.0, -0, 1e400, 12345678901234567890, 9007199254740993],\n "10":1, "9":2, "__proto__": {"a": "\\u0000\\ud800"} }';
    expect((await written(request(text))).record.value?.toString()).toBe(text);
  });
});

describe('our own marks', () => {
  it('cannot be set from outside', async () => {
    const headers = { ...binary, 'tidings-origin': 'native', 'tidings-native': 'cds/main', 'tidings-problem': 'x' };
    const { decoded, record } = await written({ headers, body: JSON.stringify(data) });
    expect(decoded).toMatchObject({ kind: 'event', native: false });
    expect(Object.keys(record.headers).filter((name) => name.startsWith('tidings'))).toEqual([]);
    const dashed = await publish({ headers: { ...binary, 'ce-tidings-origin': 'native' }, body: JSON.stringify(data) });
    expect(dashed).toMatchObject({ status: 422, body: { errors: [{ field: 'tidings-origin' }] } });
  });
});

describe('an event that does not fit', () => {
  it.each<[string, number, string, TestRequest, string?]>([
    ['of an unknown type', 422, 'unknown_event_type', structured({ type: 'com.ovh.cds.ProjektCreated' }), 'type'],
    ['with a wrong payload', 422, 'unprocessable_event', structured({ data: { project_key: 5 } }), 'data.project_key'],
    ['whose payload is no object', 422, 'unprocessable_event', structured({ data: 'text' }), 'data'],
    ['without data', 422, 'unprocessable_event', structured({ data: undefined }), 'data'],
    ['without data, binary', 422, 'unprocessable_event', { headers: binary, body: '' }, 'data'],
    [
      'with broken base64',
      422,
      'unprocessable_event',
      structured({ data: undefined, data_base64: '###' }),
      'data_base64',
    ],
    ['with data twice', 422, 'unprocessable_event', structured({ data_base64: 'e30=' }), 'data_base64'],
    ['without an id', 422, 'unprocessable_event', structured({ id: undefined }), 'id'],
    ['without a source', 422, 'unprocessable_event', structured({ source: '' }), 'source'],
    ['of another version', 422, 'unprocessable_event', structured({ specversion: '0.3' }), 'specversion'],
    ['with no time', 422, 'unprocessable_event', structured({ time: 'noon' }), 'time'],
    [
      'with a bad header',
      422,
      'unprocessable_event',
      { headers: { ...binary, 'ce-subject': '%FF' }, body: '{}' },
      'subject',
    ],
    ['that is no object', 422, 'unprocessable_event', { headers: STRUCTURED, body: '"text"' }, ''],
    [
      'that nobody can read for its depth',
      422,
      'unprocessable_event',
      structured({ data: JSON.parse('['.repeat(600) + ']'.repeat(600)) as unknown }),
      '',
    ],
    ['that is no JSON', 400, 'malformed_json', { headers: STRUCTURED, body: '{nope' }, ''],
    ['that is no JSON, binary', 400, 'malformed_json', { headers: binary, body: '{nope' }, 'data'],
    ['that is no UTF-8', 400, 'malformed_json', { headers: binary, body: Buffer.from([0x22, 0xff, 0x22]) }, 'data'],
    [
      'in two lines',
      400,
      'malformed_json',
      { headers: STRUCTURED, body: `${JSON.stringify(event)}\n${JSON.stringify(event)}` },
      '',
    ],
    ['that is empty', 400, 'empty_body', { headers: STRUCTURED, body: '' }, ''],
    ['that is too large', 413, 'event_too_large', structured({ data: { ...data, x: 'x'.repeat(20_000) } }), ''],
    ['that is too large, binary', 413, 'event_too_large', { headers: binary, body: `"${'x'.repeat(20_000)}"` }, ''],
    [
      'with data of another kind',
      415,
      'unsupported_media_type',
      structured({ datacontenttype: 'text/plain' }),
      'datacontenttype',
    ],
    [
      'as XML',
      415,
      'unsupported_media_type',
      { headers: { 'content-type': 'application/cloudevents+xml' }, body: '<a/>' },
      'Content-Type',
    ],
    [
      'as text in binary mode',
      415,
      'unsupported_media_type',
      { headers: { ...binary, 'content-type': 'text/plain' }, body: 'x' },
      'Content-Type',
    ],
    [
      'as a form',
      415,
      'unsupported_media_type',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
      'Content-Type',
    ],
  ])('%s is answered %i %s, with the field and the problem', async (_, status, code, request, field) => {
    const before = gateway.written().length;
    const answer = await publish(request);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.errors?.[0]).toEqual({ field, problem: expect.stringMatching(/\w{3}/) as string });
    expect(gateway.written().length).toBe(before);
  });

  it('of an unknown type is answered with the nearest names', async () => {
    const { body } = await publish(structured({ type: 'com.ovh.cds.ProjektCreated' }));
    expect(body.detail).toContain('com.ovh.cds.ProjektCreated');
    expect(body.errors?.[0]?.problem).toContain('com.ovh.cds.ProjectCreated');
    expect(body.events?.[0]).toMatchObject({ position: 0, status: 'rejected', id: 'a-1', code: 'unknown_event_type' });
  });

  it('by the thousand does not cost a comparison with every name each', async () => {
    const body = JSON.stringify(
      Array.from({ length: 2_000 }, (_, index) => ({ ...event, type: `com.ovh.cds.X${index}` })),
    );
    const answer = await publish({ headers: BATCH, body });
    expect(answer).toMatchObject({ status: 422, body: { rejected: 2_000 } });
    expect(
      answer.body.exceptions?.filter(({ problems }) => problems?.[0]?.problem.includes('did you mean')).length,
    ).toBeLessThan(20);
  });
});

describe('what the CloudEvents SDK for JavaScript sends', () => {
  // Headers carry what HTTP/1.1 lets through unencoded: this SDK does not percent-encode.
  const headerText = fc.stringMatching(/^[!-$&-~]([ -$&-~]{0,30}[!-$&-~])?$/).filter((text) => !/^".*"$/.test(text));
  const uri = fc.webUrl().filter((url) => !url.includes('%'));
  const sent = fc.record(
    {
      id: headerText,
      source: uri,
      subject: headerText,
      time: fc
        .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      dataschema: uri,
      tenant: headerText,
      data: fc.jsonValue().map((payload) => ({ ...data, payload })),
    },
    { requiredKeys: ['id', 'source', 'data'] },
  );

  it.each<[string, (made: CloudEventV1<unknown>) => Message]>([
    ['binary', (made) => HTTP.binary(made)],
    ['structured', (made) => HTTP.structured(made)],
  ])('is read as the SDK itself reads it: %s', async (_, emit) => {
    await fc.assert(
      fc.asyncProperty(sent, async (given) => {
        const made = new CloudEvent({ ...given, type: event.type });
        const message = emit(made);
        const oracle = HTTP.toEvent(message) as CloudEventV1<unknown>;
        const { decoded, record } = await written({
          headers: message.headers as Record<string, string>,
          body: String(message.body),
        });
        if (decoded.kind !== 'event') throw new Error('no event was written');
        const { id, source, type, time, subject, dataschema, extensions } = decoded.event;
        expect({ id, source, type, tenant: extensions?.['tenant'] }).toEqual({
          id: oracle.id,
          source: oracle.source,
          type: oracle.type,
          tenant: oracle['tenant'],
        });
        expect(parseTime(time)).toBe(parseTime(oracle.time ?? ''));
        if (given.subject !== undefined) expect(subject).toBe(oracle.subject);
        if (given.dataschema !== undefined) expect(dataschema).toBe(oracle.dataschema);
        expect(JSON.parse(record.value?.toString() ?? '')).toEqual(oracle.data);
      }),
      { numRuns: 50 },
    );
  });

  it('in a batch is read', async () => {
    const made = [1, 2, 3].map((id) => new CloudEvent({ ...event, time: formatTime(0n), id: String(id) }));
    const body = `[${made.map((one) => one.toString()).join(',')}]`;
    expect(await publish({ headers: BATCH, body })).toMatchObject({ status: 202, body: { accepted: 3 } });
  });
});
