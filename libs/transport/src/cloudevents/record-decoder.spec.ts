import { CloudEvent, Kafka } from 'cloudevents';
import { parseTime } from '@tidings/catalogue';
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

/** So many levels of lists in one another. */
function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

function deep(levels: number): string {
  return JSON.stringify({ ...requiredMembers, data: 0 }).replace('"data":0', `"data":${nested(levels)}`);
}

function problemsOf(record: IncomingRecord): readonly string[] {
  const decoded = decodeRecord(record);
  return decoded.kind === 'undecodable' ? decoded.problems.map(({ field, problem }) => `${field}: ${problem}`) : [];
}

describe('an event in binary mode', () => {
  it('comes back as it went, its data byte by byte', () => {
    const decoded = decodeRecord(received(encodeEvent('t', attributes, data)));
    const micros = parseTime(attributes.time);
    expect(decoded).toEqual({ kind: 'event', event: attributes, micros, data: Buffer.from(data), native: false });
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

  it.each<readonly [what: string, record: IncomingRecord, problems: readonly unknown[]]>([
    ['another version', binary({ ...required, ce_specversion: '0.3' }), ['specversion: must be 1.0']],
    ['no id', binary({ ...required, ce_id: undefined }), ['id: is required, and must not be empty']],
    [
      'an empty subject',
      binary({ ...required, ce_subject: '' }),
      ['subject: must not be empty; leave it out if there is none'],
    ],
    [
      'a time in words',
      binary({ ...required, ce_time: 'yesterday' }),
      [expect.stringMatching(/^time: must be an RFC 3339/)],
    ],
    ['no value', binary(required, null), ['data: is missing: the record has no value, as a tombstone']],
    ['an empty value', binary(required, ''), ['data: is missing: the value is empty']],
    [
      'data of another kind',
      binary({ ...required, 'content-type': 'text/xml' }),
      ['datacontenttype: is text/xml; only JSON is understood'],
    ],
    [
      'data in a format of schemas',
      binary({ ...required, 'content-type': 'application/avro' }),
      ['datacontenttype: is application/avro; only JSON is understood'],
    ],
    [
      'data in other letters than UTF-8',
      binary({ ...required, 'content-type': 'application/json; charset=iso-8859-1' }),
      [expect.stringMatching(/^datacontenttype: .*in UTF-8/)],
    ],
    [
      'two ids',
      binary({ ...required, ce_id: [Buffer.from('1'), Buffer.from('2')] }),
      ['ce_id: is given more than once'],
    ],
    ['an id under two spellings', binary({ ...required, 'ce-id': '1' }), ['id: is given more than once']],
    [
      'two content types',
      binary({ ...required, 'content-type': 'application/json', 'Content-Type': 'text/xml' }),
      ['datacontenttype: is text/xml; only JSON is understood', 'Content-Type: is given more than once'],
    ],
    ['an id that is not UTF-8', binary({ ...required, ce_id: Buffer.from([0x61, 0xff]) }), ['ce_id: is not UTF-8']],
    [
      'a source that is not UTF-8',
      binary({ ...required, ce_source: Buffer.from([0x2f, 0xfe]) }),
      ['ce_source: is not UTF-8'],
    ],
    ...['data', 'data_base64', '__proto__', 'Trace-Id', 'traceId', 'trace_id', '', 'a"\n', 'x'.repeat(65)].map(
      (name) =>
        [
          `an extension called ${JSON.stringify(name)}`,
          binary(Object.fromEntries([...Object.entries(required), [`ce_${name}`, 'x']])),
          [expect.stringContaining('is not an attribute name')],
        ] as const,
    ),
    ...['id', 'source', 'subject', 'myextension'].map(
      (name) =>
        [
          `a control character in its ${name}`,
          binary({ ...required, [`ce_${name}`]: 'a\u0000b' }),
          [`${name}: must not have control characters or lone surrogates`],
        ] as const,
    ),
    [
      'an id that is too long',
      binary({ ...required, ce_id: 'x'.repeat(2_049) }),
      [expect.stringMatching(/^id: .*2048/)],
    ],
    [
      'too many extensions',
      binary({ ...required, ...Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`ce_e${n}`, 'x'])) }),
      [expect.stringContaining('has more than 64 extension attributes')],
    ],
    ['data that is too deep', binary(required, nested(501)), ['data: is nested more than 500 levels deep']],
  ])('with %s is no event', (_what, record, problems) => {
    expect(problemsOf(record)).toEqual(problems);
  });

  it('may be as deep as over HTTP, have as many extensions, and keeps letters of every language', () => {
    const extensions = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`ce_e${n}`, 'grüße \ufffd 😀']));
    const decoded = decodeRecord(binary({ ...required, ...extensions, ce_id: 'x'.repeat(2_048) }, nested(500)));
    expect(decoded).toMatchObject({ kind: 'event', event: { extensions: { e63: 'grüße \ufffd 😀' } } });
  });

  it.each([
    ['in capitals', (name: string) => name.toUpperCase()],
    ["with HTTP's dash", (name: string) => name.replace('ce_', 'ce-')],
    ['as a proxy writes them', (name: string) => name.replace('ce_', 'Ce-').replace('content-type', 'Content-type')],
  ])('may have its header names %s', (_how, spelled) => {
    const headers = { ...required, ce_traceparent: 't', 'content-type': 'application/json' };
    const record = binary(Object.fromEntries(Object.entries(headers).map(([name, value]) => [spelled(name), value])));
    expect(decodeRecord(record)).toMatchObject({ kind: 'event', event: { id: '1', extensions: { traceparent: 't' } } });
  });

  it('may begin with a byte order mark', () => {
    const value = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{}')]);
    expect(decodeRecord({ ...binary(required), value })).toMatchObject({ kind: 'event', data: Buffer.from('{}') });
  });

  it('without a time has that of its record, and says so', () => {
    const record = { ...binary({ ...required, ce_time: undefined }), timestamp: '1793606400123' };
    expect(decodeRecord(record)).toMatchObject({
      kind: 'event',
      event: { time: '2026-11-02T08:00:00.123000Z', extensions: { timeofarrival: 'true' } },
    });
  });

  it.each(['-1', '0', '-300000000000000', '1793606400123000000', '9223372036854775807'])(
    'without a time has the present one where its record is stamped %s',
    (timestamp) => {
      const before = Date.now() - 1;
      const decoded = decodeRecord({ ...binary({ ...required, ce_time: undefined }), timestamp });
      const time = decoded.kind === 'event' ? Date.parse(decoded.event.time) : 0;
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now() + 1);
    },
  );

  it('is what its record says where that could not be read', () => {
    expect(problemsOf({ ...binary({}), unreadable: 'is damaged: a length is -7' })).toEqual([
      ': is damaged: a length is -7',
    ]);
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

  it('leaves out a subject, made from data, that may not be an attribute', () => {
    for (const subject of ['', 'a\nb', 'x'.repeat(2_049)]) {
      const record = encodeEvent('t', { ...attributes, subject }, data);
      expect(record.key).toBe(subject);
      expect(decodeRecord(received(record))).toMatchObject({ kind: 'event', event: { id: attributes.id } });
    }
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
      micros: parseTime('2026-11-02T08:01:53Z'),
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
    ['that is not JSON', structured('{"id":'), [': the message is not a JSON object']],
    ['that is a list', structured('[]'), [': the message is not a JSON object']],
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
      [expect.stringMatching(/^datacontenttype: must be application\/json/)],
    ],
    ['with an id that is a number', structured({ ...requiredMembers, id: 7, data: {} }), ['id: must be a string']],
    [
      'with an object as an extension',
      structured({ ...requiredMembers, ext: {}, data: {} }),
      [expect.stringMatching(/^ext: must be a string, a boolean or/)],
    ],
    [
      'with half a surrogate pair in its source',
      structured(JSON.stringify({ ...requiredMembers, source: '/x', data: {} }).replace('/x', '/\\ud800')),
      ['source: must not have control characters or lone surrogates'],
    ],
    [
      'with __proto__ as an extension',
      structured(JSON.stringify({ ...requiredMembers, x: 'y', data: {} }).replace('"x"', '"__proto__"')),
      [expect.stringContaining('is not an attribute name')],
    ],
    [
      'with a name in capitals',
      structured({ ...requiredMembers, traceParent: 'x', data: {} }),
      [expect.stringContaining('is not an attribute name')],
    ],
    [
      'with its data twice',
      structured({ ...requiredMembers, data: {}, data_base64: 'e30=' }),
      ['data_base64: must not stand beside data; leave one out'],
    ],
    [
      'in the base64 of URLs',
      structured({ ...requiredMembers, data_base64: Buffer.from('{"a":"ÿÿ>"}').toString('base64url') }),
      ['data_base64: must be base64'],
    ],
    ['that is too deep', structured(deep(501)), ['data: is nested more than 500 levels deep']],
    [
      'that is too deep in base64',
      structured({ ...requiredMembers, data_base64: Buffer.from(nested(501)).toString('base64') }),
      ['data_base64: is nested more than 500 levels deep'],
    ],
  ])('%s is no event', (_what, record, problems) => {
    expect(problemsOf(record)).toEqual(problems);
  });

  it.each(['APPLICATION/CLOUDEVENTS+JSON;Charset=UTF-8', undefined, 'application/json'])(
    'is known by its content type in any letters, and by its specversion without one (%s)',
    (contentType) => {
      const value = `\ufeff ${JSON.stringify({ ...requiredMembers, data: {} })}`;
      const headers = contentType === undefined ? {} : { 'Content-Type': contentType };
      expect(decodeRecord(binary(headers, value))).toMatchObject({ kind: 'event', event: { id: '1' } });
    },
  );

  it('may be as deep as over HTTP', () => {
    expect(decodeRecord(structured(deep(500))).kind).toBe('event');
  });

  it('without a time has that of its record', () => {
    const { time: _time, ...members } = requiredMembers;
    const record = { ...structured({ ...members, data: {} }), timestamp: '1793606400123' };
    expect(decodeRecord(record)).toMatchObject({ kind: 'event', event: { time: '2026-11-02T08:00:00.123000Z' } });
  });

  it.each([
    ['application/cloudevents-batch+json', 'batches are not read'],
    ['application/cloudevents+avro', 'this format is not read'],
    ['application/cloudevents+protobuf', 'this format is not read'],
  ])('is none as %s, which is told by its name', (contentType, why) => {
    expect(problemsOf(structured([] as never, contentType))).toEqual([
      `content-type: is ${contentType}; ${why} from Kafka: send each event as application/cloudevents+json`,
    ]);
  });

  it.each([
    ['nothing', binary({})],
    ['nothing that is known', binary({ traceparent: 'x' }, '{"a":1}')],
    ['no object', binary({}, '"specversion"')],
  ])('is none where there is %s, which says what to add', (_what, record) => {
    expect(problemsOf(record)).toEqual([
      ': has neither ce_ headers nor the content-type application/cloudevents+json: add the one or the other',
    ]);
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
