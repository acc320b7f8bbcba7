import fc from 'fast-check';
import { EVENT_LIMITS } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { JsonSplitter } from './json-splitter.js';
import { readJsonText } from './json-text.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('readJsonText', () => {
  it('reads JSON as it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readJsonText(Buffer.from(text))).toMatchObject({ text, plain: JSON.parse(text) as unknown });
      }),
    );
  });

  it.each([
    ['no JSON', Buffer.from('{nope}')],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xc0, 0xa0, 0x22])],
    ['a surrogate in raw bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('turns away %s', (_, bytes) => {
    expect(readJsonText(bytes)).toMatchObject({ failure: 'not_json' });
  });

  it.each<[string, Buffer]>([
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('{"a":1}', 'utf16le').swap16()],
    ['big-endian UTF-16 with a byte order mark', Buffer.from('\ufeff{"a":1}', 'utf16le').swap16()],
  ])('says of %s what it is', (_, bytes) => {
    expect(readJsonText(bytes)).toMatchObject({ problem: 'is UTF-16 or UTF-32; JSON is sent as UTF-8' });
    expect(() => [...new JsonSplitter(1_000, { lines: true }).write(bytes)]).toThrow('is UTF-16 or UTF-32');
  });

  it('takes the deepest nesting that is allowed, and nothing deeper', () => {
    expect(readJsonText(Buffer.from(nested(EVENT_LIMITS.depth.value)))).toHaveProperty('plain');
    expect(readJsonText(Buffer.from(nested(EVENT_LIMITS.depth.value + 1)))).toMatchObject({ failure: 'too_deep' });
    expect(readJsonText(Buffer.from(nested(500_000)))).toMatchObject({ failure: 'too_deep' });
  });
});
