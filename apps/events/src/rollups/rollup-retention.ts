import { BY_TENANT, BY_UNIT, HOUR_OF_TIME } from './rollup-sql.js';

/** Forgets the counts of whole months: from $1 to before $2, times. */
export const FORGET_PERIOD = [
  'DELETE FROM events.rollup WHERE time >= $1::timestamptz AND time < $2::timestamptz',
  'DELETE FROM events.rollup_tenant WHERE time >= $1::timestamptz AND time < $2::timestamptz',
] as const;

/**
 * Deletes what is older than the id $1 from the default partition, up to $2 rows, and takes back what of it is counted;
 * its only column is how many they were. Run it under the watermark's lock: a row must not be counted meanwhile.
 */
export const PRUNE_DEFAULT = `WITH gone AS (
    DELETE FROM events.event_default
    WHERE id IN (SELECT id FROM events.event_default WHERE id < $1 LIMIT $2)
    RETURNING tenant, time, type_id, source_id, transaction
  ), counted AS (
    SELECT tenant, ${HOUR_OF_TIME} AS hour, type_id, source_id, count(*) AS count FROM gone
    WHERE transaction < (SELECT transaction FROM events.rollup_state) GROUP BY 1, 2, 3, 4
  ), whole AS (
    UPDATE events.rollup AS rollup SET count = rollup.count - gone.count FROM (${BY_UNIT}) AS gone
    WHERE (rollup.unit, rollup.time, rollup.type_id, rollup.source_id) =
      (gone.unit, gone.time, gone.type_id, gone.source_id)
  ), owned AS (
    UPDATE events.rollup_tenant AS rollup SET count = rollup.count - gone.count FROM (${BY_TENANT}) AS gone
    WHERE (rollup.tenant, rollup.unit, rollup.time, rollup.type_id, rollup.source_id) =
      (gone.tenant, gone.unit, gone.time, gone.type_id, gone.source_id)
  )
  SELECT count(*)::integer AS count FROM gone`;

/** Counts that have become none. */
export const FORGET_EMPTY = [
  'DELETE FROM events.rollup WHERE count = 0',
  'DELETE FROM events.rollup_tenant WHERE count = 0',
] as const;
