import { isDomainError } from '@tidings/runtime';
import { describe, expect, it } from 'vitest';
import type { KeptLetter } from './kept-letter.js';
import { parseRepair, repairedRecord } from './letter-repair.js';

const letter: KeptLetter = {
  id: '7',
  reason: 'unusable_native_event',
  detail: 'A native event of waldur is unusable.',
  kafkaTopic: 'x.lifecycle.waldur.uncatalogued',
  kafkaPartition: 1,
  kafkaOffset: '12',
  recordTime: 1n,
  createdAt: 2n,
  retriedAt: undefined,
  problems: [],
  key: Buffer.from('key'),
  value: Buffer.from([0xff, 0x00]),
  headers: {
    'tidings-native': 'waldur/main',
    'tidings-problem': 'created: is required',
    ce_type: 'com.waldur.x',
    bytes: { base64: '/wA=' },
    several: ['a', { base64: 'Yg==' }],
  },
};

function refusedFields(json: string): Record<string, readonly string[]> {
  try {
    parseRepair(json);
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
  ])('%s is refused for %j', (json, fields) => {
    expect(Object.keys(refusedFields(json))).toEqual(fields);
  });

  it('that is no JSON is told as such', () => {
    expect(() => parseRepair('{"value":')).toThrow(SyntaxError);
  });
});

describe('the message that is sent again', () => {
  it('is the original where nothing is repaired', () => {
    expect(repairedRecord(letter, {})).toEqual({
      kafkaTopic: letter.kafkaTopic,
      key: letter.key,
      value: letter.value,
      headers: {
        'tidings-native': 'waldur/main',
        'tidings-problem': 'created: is required',
        ce_type: 'com.waldur.x',
        bytes: Buffer.from([0xff, 0x00]),
        several: ['a', Buffer.from('b')],
      },
    });
  });

  it('no longer says what was wrong once its value is another', () => {
    const record = repairedRecord(letter, { value: '{}' });
    expect(record.value).toBe('{}');
    expect(record.headers).not.toHaveProperty('tidings-problem');
    expect(record.headers).toHaveProperty('tidings-native', 'waldur/main');
  });

  it('has the repaired headers over the original ones', () => {
    const { headers } = repairedRecord(letter, { headers: { ce_type: 'com.waldur.y', bytes: null, more: 'z' } });
    expect(headers).toMatchObject({ ce_type: 'com.waldur.y', more: 'z', several: ['a', Buffer.from('b')] });
    expect(headers).not.toHaveProperty('bytes');
  });

  it('may have no value at all', () => {
    expect(repairedRecord({ ...letter, key: null, value: null }, {})).toMatchObject({ key: null, value: null });
  });
});
