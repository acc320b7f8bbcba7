import type { Problem } from '@tidings/catalogue';

/** Why a message is not taken as an event, by what it says alone. */
export type RefusalReason =
  'not_an_event' | 'unknown_type' | 'invalid_payload' | 'unusable_native_event' | 'foreign_source' | 'too_large';

/** A message that is not taken as an event. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** One sentence for people. */
  readonly detail: string;
  readonly problems: readonly Problem[];
}
