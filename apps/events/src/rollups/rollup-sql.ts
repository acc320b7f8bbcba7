/** Every event in `counted (tenant, hour, type_id, source_id, count)` under each unit that the roll-up has. */
export const BY_UNIT = `SELECT unit, time, type_id, source_id, sum(count) AS count
  FROM counted, LATERAL (VALUES (0, hour), (1, date_trunc('day', hour, 'UTC')), (2, date_trunc('month', hour, 'UTC')))
    AS units (unit, time)
  GROUP BY unit, time, type_id, source_id`;

/** The same by tenant. */
export const BY_TENANT = `SELECT tenant, unit, time, type_id, source_id, sum(count) AS count
  FROM counted, LATERAL (VALUES (1, date_trunc('day', hour, 'UTC')), (2, date_trunc('month', hour, 'UTC')))
    AS units (unit, time)
  WHERE tenant IS NOT NULL
  GROUP BY tenant, unit, time, type_id, source_id`;

/** The hour of a column `time`, as its first instant. */
export const HOUR_OF_TIME = `date_bin('1 hour', time, '1970-01-01T00:00:00Z')`;

/** Who changes what is counted, one at a time: the row's lock is held until the end of the transaction. */
export const LOCK_WATERMARK = 'SELECT transaction::text AS transaction FROM events.rollup_state FOR UPDATE';
