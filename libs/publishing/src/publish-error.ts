import { type Problem, problemText } from '@tidings/catalogue';

/** Why an event was not sent: mistakes of the caller, which no second try mends. */
export const PUBLISH_ERRORS = {
  UNKNOWN_TYPE: 'no such event type is declared',
  INVALID_PAYLOAD: 'the payload does not fit its event type',
  INVALID_ATTRIBUTE: 'the event has an attribute that cannot be used',
  TOO_LARGE: 'the payload is larger than an event may be',
} as const;

export type PublishErrorCode = keyof typeof PUBLISH_ERRORS;

/** What a {@link Publisher} throws before anything is sent; what the broker does is told by `TransportError`. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly retriable = false;

  constructor(
    readonly code: PublishErrorCode,
    readonly type: string,
    /** Field by field; in a batch the fields begin with the event's place, as in `[3].customer_uuid`. */
    readonly problems: readonly Problem[],
    /** For an unknown type: the names that it may have meant, nearest first. */
    readonly nearest: readonly string[] = [],
  ) {
    super(`${PUBLISH_ERRORS[code]} (${type}): ${problems.map(problemText).join('; ')}`);
  }

  /** The same of an event in a batch. */
  at(index: number): PublishError {
    const problems = this.problems.map(({ field, problem }) => ({
      field: field === '' ? `[${index}]` : `[${index}].${field}`,
      problem,
    }));
    return new PublishError(this.code, this.type, problems, this.nearest);
  }
}
