import { CloudEvent, Kafka } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import type { IncomingRecord, OutgoingRecord } from '../port.js';
import type { EventAttributes } from './attribute-names.js';
import { encodeEvent } from './event-encoder.js';
import { encodeRawNative } from './native-marks.js';
import { decodeRecord } from './record-decoder.js';

const attributes: EventAttributes = {
  id: '0192-7',
  source: '/waldur/main',
  type: 'com.waldur.customer_creation_succeeded',
  time: '2026-11-02T08:01:53.204968123Z',
  subject: 'a1c5d9f4',
  dataschema: 'urn:tidings:schema:com.waldur.customer_creation_succeeded:1',
  extensions: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
};
const data = '{"n":12345678901234567890.10,"s":"grüße \\u0000 \\ud800","a":[1e400, {}]}';

/** As a broker hands it out: everything is bytes. */
function received(record: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>): IncomingRecord {
  const headers = Object.entries(record.headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? Buffer.from(value) : value,
  ]);
  const bytes = (value: string | Buffer | null) => (value === null ? null : Buffer.from(value));
  return {
    offset: '0',
    timestamp: '1',
    key: bytes(record.key),
    value: bytes(record.value),
    headers: Object.fromEntries(headers) as IncomingRecord['headers'],
  };
}

function binary(headers: Record<string, unknown>, value: string | null = '{}'): IncomingRecord {
  return received({ key: null, value, headers: headers as OutgoingRecord['headers'] });
}

function structured(
  event: Record<string, unknown> | string,
  contentType = 'application/cloudevents+json; charset=UTF-8',
) {
  return binary({ 'content-type': contentType }, typeof event === 'string' ? event : JSON.stringify(event));
}

const required = { ce_specversion: '1.0', ce_id: '1', ce_source: '/s', ce_type: 't', ce_time: '2026-11-02T08:01:53Z' };
const requiredMembers = { specversion: '1.0', id: '1', source: '/s', type: 't', time: '2026-11-02T08:01:53Z' };

function problemsOf(record: IncomingRecord): readonly string[] {
  const decoded = decodeRecord(record);
  return decoded.kind === 'undecodable' ? decoded.problems.map(({ field, problem }) => `${field}: ${problem}`) : [];
}

describe('an event in binary mode', () => {
  it('comes back as it went, its data byte by byte', () => {
    const decoded = decodeRecord(received(encodeEvent('t', attributes, data)));
    expect(decoded).toEqual({ kind: 'event', event: attributes, data: Buffer.from(data), native: false });
  });

  it('comes back without what it never had', () => {
    const { id, source, type, time } = attributes;
    const record = encodeEvent('t', { id, source, type, time }, data);
    expect(record.key).toBeNull();
    expect(decodeRecord(received(record))).toMatchObject({ kind: 'event', event: { id, source, type, time } });
  });

  it('has its subject as key, and tells that a system sent it', () => {
    const record = encodeEvent('lifecycle.waldur.customers', attributes, data, 'native');
    expect(record).toMatchObject({ kafkaTopic: 'lifecycle.waldur.customers', key: 'a1c5d9f4', value: data });
    expect(decodeRecord(received(record))).toMatchObject({ kind: 'event', native: true });
  });

  it('is read by the CloudEvents SDK', () => {
    const { headers, key, value } = encodeEvent('t', attributes, '{"name":"x"}');
    const read = Kafka.toEvent({ headers, key, value, body: value } as never) as CloudEvent<unknown>;
    expect(read).toMatchObject({
      specversion: '1.0',
      id: attributes.id,
      source: attributes.source,
      type: attributes.type,
      subject: attributes.subject,
      dataschema: attributes.dataschema,
      datacontenttype: 'application/json',
      traceparent: attributes.extensions?.['traceparent'],
      partitionkey: attributes.subject,
      data: { name: 'x' },
    });
    expect(Date.parse(read.time ?? '')).toBe(Date.parse(attributes.time));
  });

  it('is read when the CloudEvents SDK wrote it', () => {
    const event = new CloudEvent({
      ...requiredMembers,
      datacontenttype: 'application/json',
      partitionkey: 'key',
      answer: 42,
      data: { a: 1 },
    });
    const { headers, key, value } = Kafka.binary(event) as unknown as {
      headers: Record<string, unknown>;
      key: string;
      value: unknown;
    };
    const set = Object.entries(headers).filter(([, header]) => header !== undefined);
    const sent = Object.fromEntries(set.map(([name, header]) => [name, String(header)]));
    const decoded = decodeRecord(received({ key, value: JSON.stringify(value), headers: sent }));
    expect(decoded).toMatchObject({
      kind: 'event',
      event: { id: '1', source: '/s', type: 't', extensions: { partitionkey: 'key', answer: '42' } },
      data: Buffer.from('{"a":1}'),
    });
  });

  it.each([
    [
      'no attributes at all',
      binary({}),
      [': has neither ce_ headers nor the content-type application/cloudevents+json'],
    ],
    ['another version', binary({ ...required, ce_specversion: '0.3' }), ['specversion: is 0.3; it must be 1.0']],
    ['no id', binary({ ...required, ce_id: undefined }), ['id: is missing']],
    ['an empty source', binary({ ...required, ce_source: '' }), ['source: is missing']],
    ['no time', binary({ ...required, ce_time: undefined }), ['time: is missing']],
    ['no value', binary(required, null), ['data: is missing']],
    [
      'data of another kind',
      binary({ ...required, 'content-type': 'text/xml' }),
      ['datacontenttype: is text/xml; only JSON is understood'],
    ],
    [
      'two ids',
      binary({ ...required, ce_id: [Buffer.from('1'), Buffer.from('2')] }),
      ['ce_id: is given more than once'],
    ],
  ])('with %s is no event', (_what, record, problems) => {
    expect(problemsOf(record)).toEqual(problems);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.acme+json',
    'Application/JSON',
    'text/json',
  ])('may say that its data is %s', (contentType) => {
    expect(decodeRecord(binary({ ...required, 'content-type': contentType })).kind).toBe('event');
  });

  it('is not disturbed by headers of other kinds, whatever kafkajs makes of their names', () => {
    const odd = {
      constructor: [Object, Buffer.from('x')],
      toString: Buffer.from('y'),
      x: null,
      __proto: Buffer.from('z'),
    };
    expect(decodeRecord(binary({ ...required, ...odd }))).toMatchObject({ kind: 'event', event: { id: '1' } });
  });
});

describe('an event in structured mode', () => {
  it('gives its data as it was written', () => {
    const text = `{ "data" : ${data} , "id":"1","source":"/s","type":"t","specversion":"1.0","time":"2026-11-02T08:01:53Z","subject":"x","ext":true}`;
    expect(decodeRecord(structured(text))).toEqual({
      kind: 'event',
      event: {
        id: '1',
        source: '/s',
        type: 't',
        time: '2026-11-02T08:01:53Z',
        subject: 'x',
        extensions: { ext: 'true' },
      },
      data: Buffer.from(data),
      native: false,
    });
  });

  it('is read when the CloudEvents SDK wrote it', () => {
    const message = Kafka.structured(new CloudEvent({ ...requiredMembers, data: { a: [1, 'ü'] } }));
    const { headers, value } = message as unknown as { headers: Record<string, string>; value: string };
    const decoded = decodeRecord(received({ key: null, value, headers }));
    expect(decoded).toMatchObject({ kind: 'event', event: { id: '1', type: 't' }, data: Buffer.from('{"a":[1,"ü"]}') });
  });

  it('may carry its data in base64', () => {
    const event = { ...requiredMembers, data_base64: Buffer.from(data).toString('base64') };
    expect(decodeRecord(structured(event))).toMatchObject({ kind: 'event', data: Buffer.from(data) });
  });

  it.each([
    ['that is not JSON', structured('{"id":'), [': the message is no JSON object']],
    ['that is a list', structured('[]'), [': the message is no JSON object']],
    ['without a value', binary({ 'content-type': 'application/cloudevents+json' }, null), [': the message is empty']],
    ['without data', structured(requiredMembers), ['data: is missing']],
    [
      'whose base64 is no JSON',
      structured({ ...requiredMembers, data_base64: 'AAAA' }),
      ['data_base64: does not hold JSON'],
    ],
    [
      'with XML',
      structured({ ...requiredMembers, datacontenttype: 'text/xml', data: '<a/>' }),
      ['datacontenttype: is text/xml; only JSON is understood'],
    ],
    [
      'with an id that is a number',
      structured({ ...requiredMembers, id: 7, data: {} }),
      ['id: must be a string', 'id: is missing'],
    ],
    [
      'with an object as an extension',
      structured({ ...requiredMembers, ext: {}, data: {} }),
      ['ext: must be a string, a number or a boolean'],
    ],
  ])('%s is no event', (_what, record, problems) => {
    expect(problemsOf(record)).toEqual(problems);
  });

  it('is none in a format other than JSON, nor in a batch', () => {
    expect(problemsOf(structured('', 'application/cloudevents+avro'))).toHaveLength(1);
    expect(problemsOf(structured([] as never, 'application/cloudevents-batch+json'))).toHaveLength(1);
  });
});

describe('a native event that could not be made into an event', () => {
  it('comes back with its system, its site, the reason and what was sent', () => {
    const record = encodeRawNative(
      'lifecycle.lxd.uncatalogued',
      { system: 'lxd', site: 'rack1', problem: 'no type' },
      '{"a":',
    );
    expect(record.value).toBe('{"a":');
    expect(decodeRecord(received(record))).toEqual({
      kind: 'raw-native',
      raw: { system: 'lxd', site: 'rack1', problem: 'no type' },
    });
  });
});
