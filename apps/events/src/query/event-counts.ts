import type { EventCriteria } from './event-criteria.js';
import type { StatementPart } from './statement.js';

/** A stretch of time, UTC; weeks begin on Monday. */
export const COUNT_INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type CountInterval = (typeof COUNT_INTERVALS)[number];

/** What counts are told apart by besides the time. */
export const COUNT_FIELDS = ['type_id', 'source_id', 'outcome'] as const;
export type CountField = (typeof COUNT_FIELDS)[number];

export interface CountGrouping {
  readonly interval: CountInterval;
  readonly field?: CountField;
  /** The intervals that are asked for, where they are known. */
  readonly buckets?: CountBuckets;
}

export interface CountBuckets {
  /** The first instant of each, oldest first; milliseconds since the Unix epoch. */
  readonly starts: readonly number[];
  /** The first instant behind the last. */
  readonly end: number;
}

/** How many matching events lie in one interval, and have one value of the field. */
export interface CountBucket {
  /** The interval's first instant, milliseconds since the Unix epoch. */
  readonly start: number;
  /** As the column holds it; undefined without a field, and for events that do not have it. */
  readonly value: number | undefined;
  readonly count: number;
}

/** Counts that were kept ready. They are exact: what is not counted yet is counted by the question. */
export abstract class EventCounts {
  /** @returns undefined when these criteria are not counted ahead: the rows themselves have to be counted */
  abstract count(criteria: EventCriteria): Promise<number | undefined>;

  /** The same as a part of another statement, so that both are of one snapshot: a select of one row, the column `total`. */
  abstract selection(criteria: EventCriteria): Promise<StatementPart | undefined>;

  /** Counts by time; from what is counted ahead where that is possible, otherwise from the rows. Empty ones are left out. */
  abstract histogram(criteria: EventCriteria, grouping: CountGrouping): Promise<readonly CountBucket[]>;
}
