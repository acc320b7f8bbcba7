/**
 * The envelope that every event travels in: CloudEvents 1.0, with the attribute names that CloudEvents gives them.
 * `data` is the payload; what is kept and forwarded is its exact JSON text, never a re-serialisation.
 */
export interface LifecycleEvent<P = unknown> {
  /** Unique within `source`; the two together are the event's identity. */
  readonly id: string;
  /** Who says it: `/<system>/<site>` for native events, any URI reference for a CloudEvent. */
  readonly source: string;
  /** The event type's name on the bus, reverse-DNS. */
  readonly type: string;
  /** The entity acted on; it becomes the message key. */
  readonly subject?: string;
  /** RFC 3339 in the producer's own precision. */
  readonly time: string;
  /** Names the version of the payload. */
  readonly dataschema?: string;
  readonly data: P;
  /** CloudEvents extension attributes (`traceparent` and any other). */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** An event without its data, which travels beside it as text and is parsed by whoever needs it. */
export type EventAttributes = Omit<LifecycleEvent, 'data'>;

/** What is wrong with one field of an event, said so that its sender can mend it. */
export interface Problem {
  /** Dotted path of the field, or the attribute's name; empty for the event as a whole. */
  readonly field: string;
  /** What is wrong, and what would be right. */
  readonly problem: string;
}

/** A problem as errors say it: the field, then what is wrong with it. */
export function problemText({ field, problem }: Problem): string {
  return field === '' ? problem : `${field} ${problem}`;
}

/** The largest event accepted unless configured otherwise, in bytes of its JSON text. */
export const DEFAULT_MAX_EVENT_BYTES = 1024 * 1024;

/**
 * The extension attribute of an event whose producer gave no time, so that it has the time of its arrival: when it is
 * sent again, it has another one, and is the same event all the same.
 */
export const ARRIVAL_TIME_EXTENSION = 'timeofarrival';
