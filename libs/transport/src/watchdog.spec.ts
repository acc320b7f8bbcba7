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

  it('finds a stall once, when the time has passed since it first saw the lag', async () => {
    await vi.advanceTimersByTimeAsync(10_000);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(onStall).toHaveBeenCalledExactlyOnceWith(10_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onStall).toHaveBeenCalledTimes(1);
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
    await vi.advanceTimersByTimeAsync(12_000);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(500);
    expect(onStall).toHaveBeenCalledExactlyOnceWith(10_000);
  });

  it.each([
    ['no lag', () => (subject.lag = false)],
    ['a broker that does not tell', () => (subject.lag = new Error('away'))],
    ['an excuse', () => (subject.excused = true)],
    ['progress', () => (subject.life = Date.now())],
  ])('counts anew after a moment with %s', async (_what, arrange) => {
    await vi.advanceTimersByTimeAsync(9_000);
    arrange();
    await vi.advanceTimersByTimeAsync(1_000);
    Object.assign(subject, { lag: true, excused: false });
    await vi.advanceTimersByTimeAsync(9_900);
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_600);
    expect(onStall).toHaveBeenCalledExactlyOnceWith(10_000);
  });

  it('does not count the time without messages before a batch that takes a while', async () => {
    subject.lag = false;
    await vi.advanceTimersByTimeAsync(3_600_000 + 2_400);
    // Arrives just before a look, and takes almost as long as a batch may.
    subject.lag = true;
    await vi.advanceTimersByTimeAsync(9_900);
    Object.assign(subject, { lag: false, life: Date.now() });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onStall).not.toHaveBeenCalled();
  });

  it('does not count the time between a batch and the next one', async () => {
    for (let n = 0; n < 20; n += 1) {
      await vi.advanceTimersByTimeAsync(2_400);
      subject.lag = true;
      await vi.advanceTimersByTimeAsync(9_900);
      Object.assign(subject, { lag: false, life: Date.now() });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(onStall).not.toHaveBeenCalled();
  });

  it('is silent as long as something moves, however much there is to read', async () => {
    for (let n = 0; n < 20; n += 1) {
      await vi.advanceTimersByTimeAsync(5_000);
      subject.life = Date.now();
    }
    expect(onStall).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(12_500);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('waits for the answer to one question before it asks the next', async () => {
    let asked = 0;
    let answer: (lag: boolean) => void = () => undefined;
    const slow = { ...subject, hasLag: () => new Promise<boolean>((resolve) => ((asked += 1), (answer = resolve))) };
    const other = new Watchdog(slow, 10_000, onStall);
    watchdog.stop();
    other.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(1);
    answer(true);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(asked).toBe(2);
    other.stop();
    answer(true);
    await vi.advanceTimersByTimeAsync(60_000);
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
