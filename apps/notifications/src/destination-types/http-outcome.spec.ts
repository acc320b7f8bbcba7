import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { retryAfterSeconds } from './http-outcome.js';

const NOW = Date.UTC(2026, 10, 2, 12, 0, 0);

describe('Retry-After', () => {
  it.each<[string, number]>([
    ['120', 120],
    [' 120 ', 120],
    ['1.5', 1.5],
    ['0', 0],
    ['120, 120', 120],
    ['30, 120', 120],
    ['60s', 60],
    ['60 sec', 60],
    ['2 minutes', 120],
    ['2m', 120],
    ['1h', 3_600],
    ['Mon, 02 Nov 2026 12:02:00 GMT', 120],
    ['mon, 2 nov 2026 12:02:00 gmt', 120],
    ['Monday, 02-Nov-26 12:02:00 GMT', 120],
    ['Mon Nov  2 12:02:00 2026', 120],
    ['Mon, 02 Nov 2026 12:02:00 UTC', 120],
    ['Mon, 02 Nov 2026 12:02:00', 120],
    ['Mon, 02 Nov 2026 14:02:00 +0200', 120],
    ['2026-11-02T12:02:00Z', 120],
    ['2026-11-02T14:02:00+02:00', 120],
    ['2026-11-02 12:02:00', 120],
    ['Mon, 02 Nov 2026 11:00:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['99999999999999999999', 1e20],
  ])('%s', (header, seconds) => {
    expect(retryAfterSeconds([header], NOW)).toBe(seconds);
  });

  it.each([
    '',
    '-5',
    'soon',
    '60x',
    'Mon',
    'Mon, 02 Foo 2026 12:02:00 GMT',
    'Mon, 99 Nov 2026 12:02:00 GMT',
    'NaN',
    '0x10',
  ])('%s says nothing', (header) => {
    expect(retryAfterSeconds([header], NOW)).toBeUndefined();
  });

  it('more than once means the longest', () => {
    expect(retryAfterSeconds(['10', 'Mon, 02 Nov 2026 12:02:00 GMT', 'soon'], NOW)).toBe(120);
    expect(retryAfterSeconds([], NOW)).toBeUndefined();
    const full = '1,'.repeat(DELIVERY_LIMITS.answerHeadBytes.value / 2 - 10);
    expect(retryAfterSeconds([`${full}120`], NOW)).toBe(120);
  });
});
