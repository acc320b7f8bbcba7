const MAX_LENGTH = 500;

/** Why a connector cannot go on for now, in words for those who run it; never with a secret. */
export class ConnectorFailure extends Error {
  override readonly name = 'ConnectorFailure';
  readonly code = 'CONNECTOR_FAILED';
  readonly retriable = true;

  constructor(
    message: string,
    /** How long the peer asked to be left alone, milliseconds. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What an error says, for people; several at once, as connecting to several addresses gives, are told together. */
export function messageOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors
    .map((one) => (one instanceof Error ? one.message : String(one)))
    .join('; ')
    .slice(0, MAX_LENGTH);
}
