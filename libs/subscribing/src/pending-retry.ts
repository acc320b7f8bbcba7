/** How an event, or several that are handed over together, stands after a failed attempt. */
export interface PendingRetry {
  /** Failed attempts that count. */
  readonly failures: number;
  /** How often it was held since the last of them. */
  readonly holds: number;
  /** When its next attempt is due, on the monotonic clock. */
  readonly dueAt: number;
  /** How many events the attempt is for. */
  readonly size: number;
  /** Why it failed for good: no attempt follows, what it waits for is that its dead letter is written. */
  readonly reason?: string;
}

/** Of events that no handler has been called for yet. */
export function firstAttempt(size = 1, failures = 0): PendingRetry {
  return { failures, holds: 0, dueAt: 0, size };
}
