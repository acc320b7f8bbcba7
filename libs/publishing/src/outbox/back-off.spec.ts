import { expect, it } from 'vitest';
import { BackOff } from './back-off.js';

it('leaves alone what failed, longer from failure to failure and up to a bound, until it succeeds', () => {
  const backOff = new BackOff();
  const pauses = Array.from({ length: 12 }, () => backOff.failed('a', 1_000));
  expect(pauses[0]).toBeLessThanOrEqual(120);
  expect(pauses[3]).toBeGreaterThan(pauses[0] ?? 0);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(6_000);
  expect(backOff.resting(1_000)).toEqual(['a']);
  expect(backOff.nextAt(1_000)).toBe(1_000 + (pauses.at(-1) ?? 0));
  expect(backOff.resting(8_000)).toEqual([]);
  expect(backOff.nextAt(8_000)).toBe(Infinity);
  backOff.succeeded('a');
  expect(backOff.failed('a', 0)).toBeLessThanOrEqual(120);
});
