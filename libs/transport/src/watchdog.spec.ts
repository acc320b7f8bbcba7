import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.js';

describe('the watchdog', () => {
  const subject = {
    life: 0,
    excused: false,
    lag: true as boolean | Error,
    lastLifeAt: () => subject.life,
    isExcused: () => subject.excused,
    hasLag: async () => {
      if (subject.lag instanceof Error) throw subject.lag;
      return subject.lag;
    },
  };
  const onStall = vi.fn();
  let watchdog: Watchdog;

  beforeEach(() => {
    vi.useFakeTimers();
    Object.assign(subject, { life: Date.now(), excused: false, lag: true });
    onStall.mockClear();
    watchdog = new Watchdog(subject, 10_000, onStall);
    watchdog.start();
  });

  afterEach(() => {
    watchdog.stop();
    vi.useRealTimers();
  });

  it('barks once when there is lag and no life', async () => {
    await vi.advanceTimersByTimeAsync(9_000);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onStall).toHaveBeenCalledTimes(1);
    expect(onStall.mock.calls[0]?.[0]).toBeGreaterThanOrEqual(10_000);
  });

  it.each([
    ['there is nothing to read', () => (subject.lag = false)],
    ['the broker does not tell', () => (subject.lag = new Error('away'))],
    ['standing still is excused', () => (subject.excused = true)],
  ])('is silent while %s, and counts anew afterwards', async (_what, arrange) => {
    arrange();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onStall).not.toHaveBeenCalled();
    Object.assign(subject, { lag: true, excused: false });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('is silent as long as something moves', async () => {
    for (let n = 0; n < 20; n += 1) {
      await vi.advanceTimersByTimeAsync(5_000);
      subject.life = Date.now();
    }
    expect(onStall).not.toHaveBeenCalled();
  });

  it('does nothing when it is switched off, or stopped', async () => {
    watchdog.stop();
    const off = new Watchdog(subject, 0, onStall);
    off.start();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(onStall).not.toHaveBeenCalled();
  });
});
