import { handlingOutcome } from '@tidings/transport';

/** Pauses before the second attempt and those after it, milliseconds. */
export const DEFAULT_RETRY_AFTER_MS: readonly number[] = [200, 1_000, 5_000, 10_000];

/** Attempts of many events that failed together are spread by this share of the pause, both ways. */
const JITTER = 0.2;
/** How long a handler rests that cannot work at present, milliseconds: doubling from one to the other. */
const FIRST_HOLD_MS = 500;
const LAST_HOLD_MS = 10_000;

/**
 * Thrown by a handler that cannot work at present at all, whatever the event: its database is away. Nothing is counted
 * against the event, which waits, and with it those behind it, for as long as that lasts.
 */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** What becomes of an event after a failed attempt. */
export type HandlingVerdict =
  /** The handler has nothing to do with it. */
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** As `retry`, but not by the schedule: it is not the event's fault. */
  | { readonly kind: 'hold'; readonly afterMs: number }
  | { readonly kind: 'dead-letter' };

/**
 * Decides by the error and the schedule alone; it reads no clock and keeps nothing.
 * @param failures failed attempts that count, the last one included
 * @param holds how often it was held since then
 * @param random from 0 to 1
 */
export function verdictOf(
  error: unknown,
  failures: number,
  holds: number,
  retryAfterMs: readonly number[],
  random: number,
): HandlingVerdict {
  if (error instanceof Error && error.name === 'NotNow') {
    return { kind: 'hold', afterMs: spread(Math.min(LAST_HOLD_MS, FIRST_HOLD_MS * 2 ** holds), random) };
  }
  const outcome = handlingOutcome(error);
  if (outcome === 'ack') return { kind: 'done' };
  const pause = retryAfterMs[failures - 1];
  if (outcome === 'dead-letter' || pause === undefined) return { kind: 'dead-letter' };
  return { kind: 'retry', afterMs: spread(pause, random) };
}

function spread(pause: number, random: number): number {
  return Math.round(pause * (1 + JITTER * (2 * random - 1)));
}
