import type { HandlingContext } from './handling-context.js';

/** What happened at a handler since the start. */
export interface HandlerCounts {
  /** Events that it took without an error. */
  handled: number;
  /** Events that it said it has nothing to do with (`SkipRecord`). */
  skipped: number;
  /** Attempts that failed. */
  failures: number;
  deadLetters: number;
}

/** One handler, ready to be called. */
export interface HandlerWork {
  /** `BillingService.onResource`: in the log, in metrics and in dead letters. */
  readonly name: string;
  /** Full names of the event types that it takes. */
  readonly types: ReadonlySet<string>;
  readonly retryAfterMs: readonly number[];
  /** How many events a call takes; undefined: one, by itself. */
  readonly size: number | undefined;
  readonly counts: HandlerCounts;
  /** @param given an event, or several where there is a size */
  invoke(given: unknown, context: HandlingContext): unknown;
  /** Called with the seconds that every call took; undefined where nobody measures. */
  observe?: (seconds: number) => void;
}

/** The counts of a handler that has not been called yet. */
export function noCounts(): HandlerCounts {
  return { handled: 0, skipped: 0, failures: 0, deadLetters: 0 };
}
