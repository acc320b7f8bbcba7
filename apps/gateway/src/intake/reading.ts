import type { LifecycleEvent, Problem } from '@tidings/catalogue';
import type { ErrorCode } from '@tidings/runtime';
import type { OutgoingRecord } from '@tidings/transport';

/** What an event is known by in the answer. */
export type EventIdentity = Pick<LifecycleEvent, 'id' | 'source' | 'type' | 'time'>;

/** Why an event is turned away: the codes of the error table that concern one event. */
export type RejectionCode = Extract<
  ErrorCode,
  | 'malformed_json'
  | 'event_too_large'
  | 'unsupported_media_type'
  | 'unprocessable_event'
  | 'unknown_event_type'
  | 'source_not_allowed'
>;

/** What becomes of an event that goes on to Kafka. */
export const KEPT_STATUSES = ['accepted', 'uncatalogued', 'non_conforming', 'dead_letter'] as const;
export type KeptStatus = (typeof KEPT_STATUSES)[number];

/** An event that goes on to Kafka: as an event, or raw so that ingest makes a dead letter of it. */
export interface Kept {
  readonly status: KeptStatus;
  readonly record: OutgoingRecord;
  /** Undefined for a dead letter. */
  readonly event?: EventIdentity;
  /** Which system it counts for. */
  readonly system: string;
  readonly problems?: readonly Problem[];
}

/** An event that goes no further. */
export interface Rejected {
  readonly status: 'rejected';
  readonly code: RejectionCode;
  readonly problems: readonly Problem[];
  /** As far as the sender said it. */
  readonly event?: Partial<EventIdentity>;
  readonly system: string;
  /** What its data is said to be, where that is why. */
  readonly mediaType?: string;
}

/** What was made of one text of a body. */
export type Reading = Kept | Rejected;

export type EventStatus = Reading['status'];

/** What a rejected event counts for when it does not even say which system it is of. */
export const NO_SYSTEM = 'none';

/** Takes what the answer needs and lets go of the rest: an event's data must not live until the answer is written. */
export function identityOf<E extends Partial<EventIdentity>>({
  id,
  source,
  type,
  time,
}: E): Pick<E, keyof EventIdentity> {
  return { id, source, type, time };
}
