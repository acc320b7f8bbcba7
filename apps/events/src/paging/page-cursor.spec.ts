import { describe, expect, it } from 'vitest';
import { numberedCursor, parseNumberedCursor, readCursor, writeCursor, type PageCursor } from './page-cursor.js';
import { parsePageNumber } from './page-request.js';

const KEY = Buffer.alloc(32, 7);
const cursor: PageCursor = {
  id: '47eaa0992cb6416d86dc283cf0480ff9',
  direction: 'next',
  total: 10_000_000,
  isExact: false,
};

describe('a cursor', () => {
  it.each([cursor, { ...cursor, direction: 'prev' }, { ...cursor, isExact: true, total: 0 }] as const)(
    'is read as it was written: %j',
    (each) => {
      const text = writeCursor(each, KEY, 'list');
      expect(readCursor(text, KEY, 'list')).toEqual(each);
      expect(parseNumberedCursor(text)).toEqual({ cursor: text });
      // A client that reads a number has one, and one that passes it on has the cursor.
      const numbered = numberedCursor(12, text);
      expect(Number.parseInt(numbered, 10)).toBe(12);
      expect(parseNumberedCursor(numbered)).toEqual({ cursor: text, number: 12 });
      expect(encodeURIComponent(numbered)).toBe(numbered);
      expect(parsePageNumber(text)).toBeUndefined();
      expect(encodeURIComponent(text)).toBe(text);
    },
  );

  it('holds for what it was given out for, and by whom', () => {
    const text = writeCursor(cursor, KEY, 'list');
    expect(readCursor(text, KEY, 'another')).toBeUndefined();
    expect(readCursor(text, Buffer.alloc(32, 8), 'list')).toBeUndefined();
  });

  it('cannot be changed anywhere', () => {
    const text = writeCursor(cursor, KEY, 'list');
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect(readCursor(text.slice(0, at) + other + text.slice(at + 1), KEY, 'list')).toBeUndefined();
    }
    for (const each of ['', 'c', `${text}A`, `${text}=`, ` ${text}`, text.slice(0, -1), 'c'.repeat(10_000)]) {
      expect(readCursor(each, KEY, 'list')).toBeUndefined();
    }
  });
});
