import { describe, expect, it } from 'vitest';
import type { AttemptResult } from '../destination-types/destination-type.js';
import {
  BACK_OFF_SECONDS,
  DEFAULT_RETRY_SCHEDULE_SECONDS,
  MAX_RETRY_AFTER_SECONDS,
  verdictOf,
} from './retry-schedule.js';

const FAILED: AttemptResult = { outcome: 'failed', status: '500' };
const MIDDLE = 0.5;

describe('after an attempt', () => {
  it.each([
    [{ outcome: 'delivered', status: '204' }, { state: 'delivered' }],
    [{ outcome: 'refused', status: '400' }, { state: 'failed' }],
    [
      { outcome: 'gone', status: '410' },
      { state: 'waiting', pauseSeconds: 5 },
    ],
    [FAILED, { state: 'waiting', pauseSeconds: 5 }],
    [
      { ...FAILED, backOff: true },
      { state: 'waiting', pauseSeconds: BACK_OFF_SECONDS },
    ],
    [
      { ...FAILED, retryAfterSeconds: 30 },
      { state: 'waiting', pauseSeconds: 30 },
    ],
    [
      { ...FAILED, retryAfterSeconds: 1 },
      { state: 'waiting', pauseSeconds: 5 },
    ],
    [
      { ...FAILED, retryAfterSeconds: -1 },
      { state: 'waiting', pauseSeconds: 5 },
    ],
    [
      { ...FAILED, retryAfterSeconds: 1e12 },
      { state: 'waiting', pauseSeconds: MAX_RETRY_AFTER_SECONDS },
    ],
  ] as [AttemptResult, object][])('%j leads to %j', (result, verdict) => {
    expect(verdictOf(result, 1, DEFAULT_RETRY_SCHEDULE_SECONDS, MIDDLE)).toEqual(verdict);
  });

  it('pauses are spread by a fifth, both ways', () => {
    const pause = (random: number): number => {
      const verdict = verdictOf(FAILED, 2, DEFAULT_RETRY_SCHEDULE_SECONDS, random);
      return verdict.state === 'waiting' ? verdict.pauseSeconds : NaN;
    };
    expect([pause(0), pause(1)]).toEqual([240, 360]);
  });

  it('the last one of the schedule is the last', () => {
    const last = DEFAULT_RETRY_SCHEDULE_SECONDS.length;
    expect(verdictOf(FAILED, last - 1, DEFAULT_RETRY_SCHEDULE_SECONDS, MIDDLE).state).toBe('waiting');
    expect(verdictOf(FAILED, last, DEFAULT_RETRY_SCHEDULE_SECONDS, MIDDLE).state).toBe('failed');
  });
});
