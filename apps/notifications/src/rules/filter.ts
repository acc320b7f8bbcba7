/** A compiled filter expression of Event Notifications' language. */
export interface Filter {
  /** As it was written. */
  readonly text: string;
  /** Passes everything: `$.*`, or nothing written. */
  readonly isAll: boolean;
  /** The event types that it can match at all, where it fixes them (`$.type == '…'` and alternatives of that); undefined: any. */
  readonly eventTypes: ReadonlySet<string> | undefined;
  /** Some of it reads the payload: without that, the attributes are enough for `matches`. */
  readonly readsData: boolean;
  /**
   * What the event type alone decides.
   * @returns undefined where it depends on more of the event
   */
  verdictOn(eventType: string): boolean | undefined;
  /**
   * @param event the CloudEvent as parsed JSON: attributes and `data` at the top level
   * @returns false where a path leads nowhere, and where the limit of steps is reached
   */
  matches(event: Readonly<Record<string, unknown>>): boolean;
}

/** A filter that cannot be read. */
export class FilterError extends Error {
  override readonly name = 'FilterError';

  constructor(
    message: string,
    /** Where, from 0, in UTF-16 units. */
    readonly position: number,
  ) {
    super(message);
  }
}
