import { describe, expect, it } from 'vitest';
import { parseUnixSeconds } from './unix-seconds.js';

describe('Unix seconds', () => {
  it.each([
    ['0', 0n],
    ['1793606513', 1_793_606_513n],
    ['1793606513.999999', 1_793_606_513n],
    ['1.793606513e9', 1_793_606_513n],
    ['17936065130e-1', 1_793_606_513n],
    [' 12 ', 12n],
    ['+12', 12n],
    ['-1.9', -1n],
    ['.9', 0n],
    ['5.', 5n],
    ['0.05e3', 50n],
    ['1e-99999', 0n],
    ['000', 0n],
  ])('%j are %d whole ones', (text, seconds) => {
    expect(parseUnixSeconds(text)).toBe(seconds * 1_000_000n);
  });

  it('stay countable however large they are', () => {
    for (const text of ['1e30', '1e99999', '9'.repeat(5000)]) {
      expect(parseUnixSeconds(text)).toBeGreaterThan(2n ** 63n);
      expect(parseUnixSeconds(`-${text}`)).toBeLessThan(-(2n ** 63n));
    }
  });

  it.each(['', ' ', '.', 'e5', 'yesterday', '2026-11-02', 'NaN', 'Infinity', '1_000', '0x10', '1 2', '\u0000'])(
    '%j are none',
    (text) => {
      expect(parseUnixSeconds(text)).toBeUndefined();
    },
  );
});
