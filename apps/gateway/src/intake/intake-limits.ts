/** What bounds the intake of one request. */
export interface IntakeLimits {
  /** The largest event, bytes of its JSON text. */
  readonly maxEventBytes: number;
  /** How long Kafka may take to acknowledge, milliseconds. */
  readonly publishDeadlineMs: number;
}
