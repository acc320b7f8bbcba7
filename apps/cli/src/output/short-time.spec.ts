import { expect, it } from 'vitest';
import { shortTime, wholeSeconds } from './short-time.js';

const NOW = new Date('2026-11-30T17:00:00Z');

it.each([
  ['2026-11-30T09:46:46.123456Z', '09:46:46'],
  ['2026-11-02T10:43:48Z', '11-02 10:43'],
  ['2025-11-30T09:46:46Z', '2025-11-30'],
  ['', ''],
])('"%s" is "%s" for short', (time, short) => {
  expect(shortTime(time, NOW)).toBe(short);
});

it('leaves fractions of a second out', () => {
  expect(wholeSeconds('2026-11-30T09:46:46.123456Z')).toBe('2026-11-30T09:46:46Z');
});
