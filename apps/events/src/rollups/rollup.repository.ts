import { Injectable } from '@nestjs/common';
import { boundedStatement, inTransaction, longStatement } from '@tidings/database';
import { Pool, type PoolClient } from 'pg';
import { BY_TENANT, BY_UNIT, HOUR_OF_TIME, LOCK_WATERMARK } from './rollup-sql.js';

/** Of the rows behind the watermark $1: only of transactions that nobody can add to any more, up to about $2. */
const FIND_END = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS safe,
  ${nthTransaction('0')} AS first, ${nthTransaction('$2')} AS cut`;

function nthTransaction(offset: string): string {
  return `(SELECT event.transaction::text FROM events.event AS event WHERE event.transaction >= $1::xid8
    AND event.transaction < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY event.transaction OFFSET ${offset} LIMIT 1)`;
}

interface End {
  readonly safe: string;
  readonly first: string | null;
  readonly cut: string | null;
}

const COUNT_ROWS = `WITH counted AS MATERIALIZED (
    SELECT tenant, ${HOUR_OF_TIME} AS hour, type_id, source_id, count(*) AS count FROM events.event
    WHERE transaction >= $1::xid8 AND transaction < $2::xid8 GROUP BY 1, 2, 3, 4
  ), whole AS (
    INSERT INTO events.rollup AS rollup (unit, time, type_id, source_id, count) ${BY_UNIT}
    ON CONFLICT (unit, time, type_id, source_id) DO UPDATE SET count = rollup.count + excluded.count
  ), owned AS (
    INSERT INTO events.rollup_tenant AS rollup (tenant, unit, time, type_id, source_id, count) ${BY_TENANT}
    ON CONFLICT (tenant, unit, time, type_id, source_id) DO UPDATE SET count = rollup.count + excluded.count
  )
  UPDATE events.rollup_state SET transaction = $2::xid8
  RETURNING (SELECT coalesce(sum(count), 0)::float8 FROM counted) AS count`;

/**
 * Whether rows are of transactions that the server has not had: as after a restore into a new server, whose numbers begin
 * anew. What is stored from then on would lie behind what was counted and streamed already.
 */
const FIND_RESTORED = `SELECT (
    (SELECT transaction FROM events.rollup_state) > pg_snapshot_xmax(pg_current_snapshot())
    OR coalesce((SELECT transaction FROM events.event ORDER BY transaction DESC LIMIT 1)
      >= pg_snapshot_xmax(pg_current_snapshot()), false)
  ) AS restored`;

/** The first number that PostgreSQL gives to a transaction; what it restores comes before all that it stores. */
const FIRST_TRANSACTION = '3';

/** Among themselves they keep the order in which they were stored; all is counted anew, for some may be of before. */
const MEND_RESTORED = [
  `UPDATE events.event SET transaction = '${FIRST_TRANSACTION}'
    WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())`,
  'DELETE FROM events.rollup',
  'DELETE FROM events.rollup_tenant',
  `UPDATE events.rollup_state SET transaction = '0'`,
] as const;

/** A transaction is counted as a whole, however many rows it has; milliseconds. */
const COUNTING_DEADLINE_MS = 300_000;

/** Moves what is stored into the roll-ups. */
@Injectable()
export class RollupRepository {
  constructor(private readonly pool: Pool) {}

  /**
   * Counts the next rows and moves the watermark, in one transaction; whole transactions only.
   * @param most about how many rows
   * @returns how many were counted; undefined when there are none, or another process is at it
   */
  async advance(most: number): Promise<number | undefined> {
    return await inTransaction(this.pool, (client) => countNext(client, most));
  }

  /**
   * Makes a store that was restored into another server count and stream again, in one transaction.
   * @returns whether it had to
   */
  async mendRestored(): Promise<boolean> {
    if (!(await isRestored(this.pool))) return false;
    return await inTransaction(this.pool, async (client) => {
      const locked = await client.query(`${LOCK_WATERMARK} SKIP LOCKED`);
      if (locked.rowCount === 0 || !(await isRestored(client))) return false;
      for (const statement of MEND_RESTORED) await client.query(longStatement(statement));
      return true;
    });
  }
}

async function isRestored(connection: Pick<Pool, 'query'>): Promise<boolean> {
  const { rows } = await connection.query<{ restored: boolean }>(FIND_RESTORED);
  return rows[0]?.restored === true;
}

async function countNext(client: PoolClient, most: number): Promise<number | undefined> {
  // A lock that ends with the process that holds it, however that ends.
  const locked = await client.query<{ transaction: string }>(`${LOCK_WATERMARK} SKIP LOCKED`);
  const watermark = locked.rows[0]?.transaction;
  if (watermark === undefined) return undefined;
  const found = await client.query<End>(FIND_END, [watermark, most]);
  const end = endOf(found.rows[0]);
  if (end === undefined) return undefined;
  const counted = await client.query<{ count: number }>(
    boundedStatement(COUNT_ROWS, [watermark, end], COUNTING_DEADLINE_MS),
  );
  return counted.rows[0]?.count ?? 0;
}

/** At least one transaction, however many rows it has; undefined when there is none. */
function endOf(found: End | undefined): string | undefined {
  if (found === undefined || found.first === null) return undefined;
  if (found.cut === null) return found.safe;
  return found.cut === found.first ? String(BigInt(found.first) + 1n) : found.cut;
}
