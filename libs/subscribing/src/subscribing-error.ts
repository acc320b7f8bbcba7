import { type Problem, problemText } from '@tidings/catalogue';

/** What can be wrong with how a consumer is put together. No second try mends any of it. */
export const SUBSCRIBING_ERRORS = {
  UNKNOWN_PATTERN: 'no declared event type fits the pattern',
  UNUSABLE_HANDLER: 'events cannot be handed to this method',
  INVALID_OPTION: 'an option of the subscription cannot be used',
} as const;

export type SubscribingErrorCode = keyof typeof SUBSCRIBING_ERRORS;

/** Thrown when a consumer starts; what the broker does is told by `TransportError`. */
export class SubscribingError extends Error {
  override readonly name = 'SubscribingError';
  readonly retriable = false;

  constructor(
    readonly code: SubscribingErrorCode,
    detail: string,
  ) {
    super(`${SUBSCRIBING_ERRORS[code]}: ${detail}`);
  }
}

/** Thrown when a handler looks at data that does not fit the event's type: the event becomes a dead letter at once. */
export class NonConformingEvent extends Error {
  override readonly name = 'NonConformingEvent';
  readonly code = 'INVALID_PAYLOAD';
  readonly retriable = false;

  constructor(
    readonly type: string,
    problems: readonly Problem[],
  ) {
    super(`the payload does not fit its event type (${type}): ${problems.map(problemText).join('; ')}`);
  }
}
