import { describe, expect, it } from 'vitest';
import { rowNumber } from './row-number.js';

describe('a row number', () => {
  it.each(['0', '1', '007', '9223372036854775807'])('can be %s', (text) => {
    expect(rowNumber(text)).toBe(text);
  });

  it.each(['', '-1', '1.5', '1e3', 'x', '9223372036854775808', '1'.repeat(20), '1\u0000'])('cannot be %j', (text) => {
    expect(rowNumber(text)).toBeUndefined();
  });
});
