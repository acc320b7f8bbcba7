import { canonicalJson, parseJson } from '@tidings/catalogue';
import type { DeadLetter } from './dead-letter.js';
import type { EventRow } from './event-row.js';

/** What must agree for two copies of one identity to be the same event. Delivery details are not among it. */
export interface Body {
  /** The event's uuid, which holds its time. */
  readonly id: string;
  /** Its producer gave no time, so that the time tells nothing. */
  readonly isArrivalTime: boolean;
  readonly type: string;
  readonly subject: string | null;
  readonly data: string;
}

export function bodyOf(row: EventRow): Body {
  return {
    id: row.id,
    isArrivalTime: row.isArrivalTime,
    type: row.type.type,
    subject: row.subject ?? null,
    data: row.data.toString('utf8'),
  };
}

/** The data is compared as JSON values when its texts differ, since a sender may write the same object anew. */
export function isSameEvent(a: Body, b: Body): boolean {
  return isSameTime(a, b) && a.type === b.type && a.subject === b.subject && isSameJson(a.data, b.data);
}

function isSameTime(a: Body, b: Body): boolean {
  return a.id === b.id || a.isArrivalTime || b.isArrivalTime;
}

function isSameJson(a: string, b: string): boolean {
  if (a === b) return true;
  const canonical = canonicalOf(a);
  return canonical !== undefined && canonical === canonicalOf(b);
}

/** @returns undefined where it is nested too deep to be compared: an older release kept such events */
function canonicalOf(text: string): string | undefined {
  try {
    return canonicalJson(parseJson(text).exact);
  } catch {
    return undefined;
  }
}

/** @returns the names of what differs, for the dead letter of a conflict */
export function differences(a: Body, b: Body): readonly string[] {
  return [
    ...(a.type === b.type ? [] : ['type']),
    ...(a.subject === b.subject ? [] : ['subject']),
    ...(isSameTime(a, b) ? [] : ['time']),
    ...(isSameJson(a.data, b.data) ? [] : ['data']),
  ];
}

/** The dead letter for a message whose identity is taken by an event with another body. */
export function conflictLetter(row: EventRow, stored: Body): DeadLetter {
  const differing = differences(bodyOf(row), stored).join(', ');
  return {
    reason: 'conflict',
    detail: `An event of source ${row.source} with id ${row.eventId} is stored already and differs in: ${differing}.`,
    problems: [
      { field: 'id', problem: `is taken by the stored event ${stored.id}; a new event needs an id of its own` },
    ],
    kafkaTopic: row.kafkaTopic,
    kafkaPartition: row.kafkaPartition,
    record: row.record,
  };
}
