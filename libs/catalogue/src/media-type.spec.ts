import { describe, expect, it } from 'vitest';
import { isJsonMediaType, isUtf8Charset, parseMediaType } from './media-type.js';

describe('parseMediaType', () => {
  it.each([
    [undefined, '', undefined],
    ['application/json', 'application/json', undefined],
    ['Application/JSON ; Charset="UTF-8"; x=y', 'application/json', 'utf-8'],
  ])('reads %s', (header, essence, charset) => {
    expect(parseMediaType(header)).toEqual({ essence, charset });
  });
});

describe('isJsonMediaType', () => {
  it.each([
    ['application/json', true],
    ['text/json', true],
    ['application/cloudevents+json', true],
    ['application/x-ndjson', false],
    ['application/json5', false],
    ['+json', false],
    ['', false],
  ])('of %s is %s', (essence, expected) => {
    expect(isJsonMediaType(essence)).toBe(expected);
  });
});

describe('isUtf8Charset', () => {
  it('takes UTF-8, ASCII and silence for UTF-8', () => {
    expect(['utf-8', 'utf8', 'us-ascii', undefined, 'latin1', 'utf-16'].map(isUtf8Charset)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
