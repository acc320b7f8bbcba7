import { expect, it } from 'vitest';
import { secondsOf } from './time-range.js';

const NOW = Date.UTC(2026, 10, 30, 12);

it.each([
  ['now', NOW / 1_000],
  ['now-15m', NOW / 1_000 - 900],
  [' now-7d ', NOW / 1_000 - 604_800],
  ['2026-11-30T11:00:00Z', NOW / 1_000 - 3_600],
  ['2026-11-30T12:00:00+01:00', NOW / 1_000 - 3_600],
  ['yesterday evening', undefined],
  ['now-1', undefined],
])('%s is %s', (text, seconds) => {
  expect(secondsOf(text, NOW)).toBe(seconds);
});
