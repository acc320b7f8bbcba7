/** Why a body could not be read to its end. */
export type BodyErrorCode = 'malformed_json' | 'malformed_request' | 'body_too_large' | 'event_too_large';

export interface BodyErrorDetails {
  /** What of the request is wrong; the body itself unless told otherwise. */
  readonly field?: string;
  /** Which limit it is beyond, bytes. */
  readonly limit?: number;
  readonly cause?: unknown;
}

/** The body as a whole is at fault: nothing behind this place can be told apart, or is wanted. */
export class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly code: BodyErrorCode,
    message: string,
    readonly details: BodyErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }
}
