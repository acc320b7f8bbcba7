import { catalogue } from '@tidings/catalogue';
import { isDomainError } from '@tidings/runtime';
import type { OutgoingRecord } from '@tidings/transport';
import { describe, expect, it } from 'vitest';
import type { KeptLetter } from './kept-letter.js';
import { parseRepair, repairedRecord, type LetterRepair } from './letter-repair.js';

const letter: KeptLetter = {
  id: '7',
  reason: 'not_an_event',
  detail: 'It is not a CloudEvent.',
  kafkaTopic: 'x.lifecycle.waldur.customers',
  kafkaPartition: 1,
  kafkaOffset: '12',
  system: 'waldur',
  site: 'main',
  recordTime: 1n,
  createdAt: 2n,
  retriedAt: undefined,
  problems: [],
  omitted: [],
  key: Buffer.from('key'),
  value: Buffer.from([0xff, 0x00]),
  headers: {
    ce_type: 'com.waldur.x',
    bytes: { base64: '/wA=' },
    several: ['a', null, { base64: 'Yg==' }],
    nothing: null,
    nothings: [null, null],
  },
};

const native: KeptLetter = {
  ...letter,
  reason: 'unusable_native_event',
  kafkaTopic: 'x.lifecycle.waldur.uncatalogued',
  headers: { 'tidings-native': 'waldur/rack1', 'tidings-problem': 'created: is required' },
};

const sent = (from: KeptLetter, repair: LetterRepair): OutgoingRecord => repairedRecord(from, repair, catalogue, 'x.');

function refusedFields(json: string): Record<string, readonly string[]> {
  return fieldsOf(() => parseRepair(json));
}

function fieldsOf(repair: () => unknown): Record<string, readonly string[]> {
  try {
    repair();
  } catch (error) {
    if (isDomainError(error)) return error.details.fields ?? {};
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a repair', () => {
  it('gives JSON as it is written, to the last digit', () => {
    expect(parseRepair('{"value": {"n": 12345678901234567890, "x":1e-999}}')).toEqual({
      value: '{"n": 12345678901234567890, "x":1e-999}',
    });
    expect(parseRepair('{"value":[1]}')).toEqual({ value: '[1]' });
    expect(parseRepair('{"value":0}')).toEqual({ value: '0' });
  });

  it('gives text as it is meant', () => {
    expect(parseRepair('{"value": "{\\"a\\":1}\\n"}')).toEqual({ value: '{"a":1}\n' });
  });

  it('may change nothing', () => {
    expect(parseRepair('{}')).toEqual({});
  });

  it('gives headers as text, as bytes, as several, or takes them away', () => {
    const headers = { a: 'x', b: { base64: '/w==' }, c: ['y', { base64: '' }], d: null };
    expect(parseRepair(JSON.stringify({ headers }))).toEqual({ headers });
  });

  it.each([
    ['[]', ['non_field_errors']],
    ['"text"', ['non_field_errors']],
    ['null', ['non_field_errors']],
    ['{"values":1,"header":{}}', ['values', 'header']],
    ['{"value":null,"headers":[]}', ['value', 'headers']],
    ['{"headers":{"a":1}}', ['headers']],
    ['{"headers":{"":"x"}}', ['headers']],
    ['{"headers":{"a":{"base65":"x"}}}', ['headers']],
    ['{"headers":"a"}', ['headers']],
    ['{"headers":{"tidings-native":null}}', ['headers']],
    ['{"headers":{"tidings-origin":"native"}}', ['headers']],
    ['{"headers":{"Tidings-Origin":"native"}}', ['headers']],
  ])('%s is refused for %j', (json, fields) => {
    expect(Object.keys(refusedFields(json))).toEqual(fields);
  });

  it('that is no JSON is told as such', () => {
    expect(() => parseRepair('{"value":')).toThrow(SyntaxError);
  });
});

describe('the message that is sent again', () => {
  it('is the original where nothing is repaired, without headers that no client can write', () => {
    expect(sent(letter, {})).toEqual({
      kafkaTopic: letter.kafkaTopic,
      key: letter.key,
      value: letter.value,
      headers: { ce_type: 'com.waldur.x', bytes: Buffer.from([0xff, 0x00]), several: ['a', Buffer.from('b')] },
    });
  });

  it('has the repaired headers over the original ones', () => {
    const { headers } = sent(letter, { headers: { ce_type: 'com.waldur.y', bytes: null, more: 'z' } });
    expect(headers).toMatchObject({ ce_type: 'com.waldur.y', more: 'z', several: ['a', Buffer.from('b')] });
    expect(headers).not.toHaveProperty('bytes');
  });

  it('may have no value at all', () => {
    expect(sent({ ...letter, key: null, value: null }, {})).toMatchObject({ key: null, value: null });
  });

  it('needs what could not be kept', () => {
    const lacking: KeptLetter = { ...letter, value: null, omitted: ['key', 'value'] };
    expect(() => sent(lacking, {})).toThrow('value could not be kept');
    expect(sent(lacking, { value: '{}' })).toMatchObject({ value: '{}' });
  });
});

describe('a native event that is repaired', () => {
  const value = (created: string): string =>
    `{"created":${created},"message":"m","event_type":"customer_update_succeeded","context":{"n":12345678901234567890}}`;

  it('is sent as the event that the gateway would have made of it, so that subscribers hear of it', () => {
    const record = sent(native, { value: value('"2026-11-02T08:00:00Z"') });
    expect(record).toMatchObject({
      kafkaTopic: 'x.lifecycle.waldur.customers',
      headers: {
        ce_source: '/waldur/rack1',
        ce_type: 'com.waldur.customer_update_succeeded',
        'tidings-origin': 'native',
      },
    });
    expect(record.headers).not.toHaveProperty('tidings-native');
    expect(String(record.value)).toContain('12345678901234567890');
  });

  it('is read anew also where nothing is repaired', () => {
    const readable = { ...native, value: Buffer.from(value('"2026-11-02T08:00:00Z"')) };
    expect(sent(readable, {}).headers).toHaveProperty('ce_type', 'com.waldur.customer_update_succeeded');
  });

  it.each([
    ['what is missing', value('null')],
    ['what is no JSON', '{'],
    ['what is no object', '[]'],
    ['what is nested too deep', `{"context":${'['.repeat(500)}${']'.repeat(500)}}`],
  ])('is not sent as long as it is unusable, and the answer says %s', (_, text) => {
    expect(fieldsOf(() => sent(native, { value: text }))['value']?.[0]).toContain('still unusable');
  });

  it('has no headers of its own', () => {
    expect(Object.keys(fieldsOf(() => sent(native, { value: '{}', headers: { ce_id: '1' } })))).toEqual(['headers']);
  });

  it.each(['nowhere/main', 'waldur', 'waldur/a/b', 'waldur/'])('cannot come from %s', (origin) => {
    const from = { ...native, headers: { 'tidings-native': origin } };
    expect(fieldsOf(() => sent(from, { value: value('"2026-11-02T08:00:00Z"') }))).toHaveProperty('value');
  });
});
