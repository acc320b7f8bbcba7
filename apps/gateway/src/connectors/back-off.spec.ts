import { expect, it } from 'vitest';
import { BackOff } from './back-off.js';

it('pauses grow up to half a minute, and begin anew after a success', () => {
  const backOff = new BackOff(() => 0.5);
  expect(Array.from({ length: 8 }, () => backOff.pause())).toEqual([
    ...[500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
  ]);
  backOff.reset();
  expect(backOff.pause()).toBe(500);
});

it('pauses differ by a fifth to both sides', () => {
  expect(new BackOff(() => 0).pause()).toBe(400);
  expect(new BackOff(() => 1).pause()).toBe(600);
});
