/** What can go wrong between us and the broker. `retriable`: the same call may succeed later. */
export const TRANSPORT_ERRORS = {
  UNAVAILABLE: { message: 'the message broker did not answer in time', retriable: true },
  QUEUE_FULL: { message: 'too much is waiting to be sent already', retriable: true },
  CLOSED: { message: 'this transport has been closed', retriable: true },
  UNKNOWN_TOPIC: { message: 'there is no such kafkaTopic', retriable: true },
  TOO_LARGE: { message: 'the broker refuses records of this size', retriable: false },
  INVALID_RECORD: { message: 'the record cannot be encoded', retriable: false },
  FORBIDDEN: { message: 'the broker does not allow this account to do that', retriable: false },
  TOPICS_MISSING: { message: 'kafkaTopics are missing and could not be created', retriable: false },
  REFUSED: { message: 'the broker refused the request', retriable: false },
  CRASHED: { message: 'the consumer crashed and could not be restarted', retriable: false },
  STALLED: { message: 'the consumer has messages to read and makes no progress', retriable: false },
} as const;

export type TransportErrorCode = keyof typeof TRANSPORT_ERRORS;

export interface TransportErrorDetails {
  /** Follows the table's message after a colon. */
  readonly detail?: string;
  /** Indexes, in the call's records, of those concerned. */
  readonly records?: readonly number[];
  readonly kafkaTopics?: readonly string[];
  readonly cause?: unknown;
}

/** The only error that a driver throws. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  readonly retriable: boolean;
  readonly records: readonly number[];
  readonly kafkaTopics: readonly string[];

  constructor(code: TransportErrorCode, details: TransportErrorDetails = {}) {
    const { message, retriable } = TRANSPORT_ERRORS[code];
    super(details.detail === undefined ? message : `${message}: ${details.detail}`, { cause: details.cause });
    this.code = code;
    this.retriable = retriable;
    this.records = details.records ?? [];
    this.kafkaTopics = details.kafkaTopics ?? [];
  }
}
