import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { branchesOf } from '../query/event-branches.js';
import type { EventCriteria } from '../query/event-criteria.js';
import { Values, type Statement } from '../query/statement.js';

/** Ids hold 60 bits of microseconds around 1970; nothing is beyond. */
const TIME_LIMIT = (1n << 59n) - 1n;

function clamped(micros: bigint): bigint {
  if (micros > TIME_LIMIT) return TIME_LIMIT;
  return micros < -TIME_LIMIT ? -TIME_LIMIT : micros;
}

/**
 * Counts bucket by bucket, by the bounds of their ids: an index on whom an event belongs to and its id is all that is
 * read, where to tell the bucket by a row's time would be to read the row.
 * @param starts the first instant of each bucket, milliseconds since the Unix epoch, oldest first
 * @param end the first instant behind the last
 */
export function bucketStatement(criteria: EventCriteria, starts: readonly number[], end: number): Statement {
  const values = new Values();
  const bounds = [...starts, end].map((start) => hyphenated(firstUuidAt(clamped(BigInt(start) * 1000n))));
  const [firsts, ends] = [bounds.slice(0, -1), bounds.slice(1)];
  const buckets = `unnest(${values.add(starts)}::float8[], ${values.add(firsts)}::uuid[], ${values.add(ends)}::uuid[])`;
  const counts = branchesOf(criteria, values).map((branch) => {
    const conditions = [...branch, 'id >= bucket.first', 'id < bucket.behind'];
    return `(SELECT count(*) FROM events.event WHERE ${conditions.join(' AND ')})`;
  });
  const text = `SELECT bucket.start, NULL::integer AS value, (${counts.join(' + ')})::float8 AS count
    FROM ${buckets} AS bucket (start, first, behind)`;
  return { text, values: values.list };
}
