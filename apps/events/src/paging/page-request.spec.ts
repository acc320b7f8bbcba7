import { describe, expect, it } from 'vitest';
import { pageCount } from '@tidings/runtime';
import { pageWithin, parsePageNumber, parsePageSize } from './page-request.js';

describe('a page number', () => {
  it.each([
    [undefined, 1],
    ['', 1],
    ['1', 1],
    [' 7 ', 7],
    ['+2', 2],
    ['007', 7],
    ['last', 'last'],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ] as const)('%j is page %j', (text, number) => {
    expect(parsePageNumber(text)).toBe(number);
  });

  it.each(['0', '-1', '1.0', '1e3', 'first', 'NaN', '0x10', '\u0000', "1' OR '1'='1"])('%j is no page', (text) => {
    expect(parsePageNumber(text)).toBeUndefined();
  });
});

describe('a page size', () => {
  it.each([
    [undefined, 10],
    ['', 10],
    ['25', 25],
    ['300', 300],
    ['301', 300],
    ['9'.repeat(400), 300],
    ['0', 10],
    ['-5', 10],
    ['2.5', 10],
    ['many', 10],
  ] as const)('%j means %j entries', (text, size) => {
    expect(parsePageSize(text)).toBe(size);
  });
});

describe('the pages of a list', () => {
  it('are one when it is empty', () => {
    expect(pageCount(0, 10)).toBe(1);
    expect(pageWithin({ number: 1, size: 10 }, 0)).toBe(1);
    expect(pageWithin({ number: 'last', size: 10 }, 0)).toBe(1);
    expect(pageWithin({ number: 2, size: 10 }, 0)).toBeUndefined();
  });

  it('end with the page that holds the last entry', () => {
    expect(pageCount(20, 10)).toBe(2);
    expect(pageCount(21, 10)).toBe(3);
    expect(pageWithin({ number: 'last', size: 10 }, 21)).toBe(3);
    expect(pageWithin({ number: 3, size: 10 }, 21)).toBe(3);
    expect(pageWithin({ number: 4, size: 10 }, 21)).toBeUndefined();
  });
});
