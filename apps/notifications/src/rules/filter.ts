import type { Evaluation } from './evaluation.js';
import type { EventPath } from './event-path.js';

/** A compiled filter expression of Event Notifications' language. */
export interface Filter {
  /** As it was written. */
  readonly text: string;
  /** Passes everything: `$.*`, or nothing written. */
  readonly isAll: boolean;
  /** The event types that it can match at all, where it fixes them (`$.type == '…'` and alternatives of that); undefined: any. */
  readonly eventTypes: ReadonlySet<string> | undefined;
  /** A member of the event that has to have one of a few values; undefined: there is none of which the filter says so. */
  readonly fixed: FixedValue | undefined;
  /** The paths that it shares with other filters of its table. */
  readonly paths: ReadonlySet<EventPath>;
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
  /** The same among other filters: what paths of the event lead to is read once for all of them. */
  holds(evaluation: Evaluation): boolean;
}

/** What a filter demands of one member of the event: equality with any of the values. */
export interface FixedValue {
  readonly path: EventPath;
  readonly values: ReadonlySet<unknown>;
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
