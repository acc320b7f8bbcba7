import type { Problem } from '@tidings/catalogue';
import type { IncomingRecord } from '@tidings/transport';

/** Why a message became a dead letter. */
export const DEAD_LETTER_REASONS = [
  'not_an_event',
  'unknown_type',
  'invalid_payload',
  'unusable_native_event',
  'foreign_source',
  'too_large',
  'older_than_retention',
  'too_many_names',
  'conflict',
  'rejected_by_database',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** The parts of a message that a dead letter may have to do without. */
export const LETTER_PARTS = ['key', 'headers', 'value'] as const;
export type LetterPart = (typeof LETTER_PARTS)[number];

/** A message that cannot be stored as an event, kept so that it can be read, repaired and sent again. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  /** One sentence for people. */
  readonly detail: string;
  readonly problems: readonly Problem[];
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  readonly record: IncomingRecord;
  /** Parts that are not kept, because the database refused them. */
  readonly omitted?: readonly LetterPart[];
}
