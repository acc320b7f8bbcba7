/** What an outbox refuses; no second try mends any of it. */
export const OUTBOX_ERRORS = {
  NO_TRANSACTION: 'an event can only be written to the outbox inside a transaction',
  INVALID_TABLE: 'the outbox has a name that cannot be used',
} as const;

export type OutboxErrorCode = keyof typeof OUTBOX_ERRORS;

/** A mistake of the caller; the transaction is left as it was. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';
  readonly retriable = false;

  /** @param problem what is wrong, and what to do about it */
  constructor(
    readonly code: OutboxErrorCode,
    problem: string,
  ) {
    super(`${OUTBOX_ERRORS[code]}: ${problem}`);
  }
}
