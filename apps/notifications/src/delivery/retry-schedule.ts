import type { AttemptResult } from '../destination-types/destination-type.js';

/** Seconds before each attempt: the ten of Standard Webhooks, three days altogether. */
export const DEFAULT_RETRY_SCHEDULE_SECONDS: readonly number[] = [
  0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];

/** Attempts of many deliveries that failed together are spread by this share of the pause, both ways. */
export const JITTER = 0.2;
/** The shortest pause after a timeout or a 429, seconds. */
export const BACK_OFF_SECONDS = 60;
/** The longest pause that a receiver may ask for, seconds. */
export const MAX_RETRY_AFTER_SECONDS = 86_400;

/** What becomes of a delivery after an attempt. */
export type Verdict =
  { readonly state: 'delivered' | 'failed' } | { readonly state: 'waiting'; readonly pauseSeconds: number };

/**
 * Decides by how an attempt ended; it reads no clock and keeps nothing.
 * @param made attempts of this round, the one that ended included
 * @param random from 0 to 1
 */
export function verdictOf(result: AttemptResult, made: number, schedule: readonly number[], random: number): Verdict {
  if (result.outcome === 'delivered') return { state: 'delivered' };
  const pause = schedule[made];
  // `gone` waits like the rest of what is for that destination: it goes on when the destination is enabled again.
  if (result.outcome === 'refused' || pause === undefined) return { state: 'failed' };
  const spread = pause * (1 + JITTER * (2 * random - 1));
  const asked = Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, result.retryAfterSeconds ?? 0));
  return { state: 'waiting', pauseSeconds: Math.max(spread, asked, result.backOff === true ? BACK_OFF_SECONDS : 0) };
}
