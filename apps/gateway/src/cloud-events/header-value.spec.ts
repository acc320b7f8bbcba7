import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeaderValue } from './header-value.js';

/** As the HTTP binding has it: everything but printable ASCII is percent-encoded, and so are space, quote and percent. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte <= 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x25
        ? `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
        : String.fromCharCode(byte),
    )
    .join('');
}

describe('decodeHeaderValue', () => {
  it('gives back every text that was encoded as CloudEvents has it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        expect(decodeHeaderValue(encode(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['unneeded %41', 'unneeded A'],
    ['%2520', '%20'],
    ['"quoted \\"text\\" \\\\ "', 'quoted "text" \\ '],
    ['"', '"'],
    ['100% sure, 5%z', '100% sure, 5%z'],
    [Buffer.from('Mägi').toString('latin1'), 'Mägi'],
  ])('decodes %s', (value, text) => {
    expect(decodeHeaderValue(value)).toBe(text);
  });

  it.each(['%C0%A0', '%FF', '%ED%A0%80', 'M\u00e4gi'])('refuses %s, which is not UTF-8', (value) => {
    expect(decodeHeaderValue(value)).toBeUndefined();
  });
});
