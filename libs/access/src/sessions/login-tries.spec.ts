import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LoginTries } from './login-tries.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('refuses an address after twenty wrong codes within a minute, and no other address', () => {
  const tries = new LoginTries();
  for (let count = 0; count < 20; count += 1) {
    tries.demandPatience('192.0.2.1');
    tries.countFailure('192.0.2.1');
  }
  expect(() => tries.demandPatience('192.0.2.1')).toThrow(/wait a minute/);
  expect(() => tries.demandPatience('192.0.2.2')).not.toThrow();
  vi.advanceTimersByTime(60_001);
  expect(() => tries.demandPatience('192.0.2.1')).not.toThrow();
});
