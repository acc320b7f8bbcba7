import type { Pool, PoolClient } from 'pg';
import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { inTransaction } from '@tidings/database';
import { FORGET_EMPTY, FORGET_PERIOD, PRUNE_DEFAULT } from '../rollups/rollup-retention.js';
import { LOCK_WATERMARK } from '../rollups/rollup-sql.js';

/** A calendar month, UTC. */
export interface Month {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

/** A partition of one month. */
export interface MonthPartition extends Month {
  readonly table: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TABLE = /^event_(\d{4})_(\d{2})$/;
/** So that a long query makes the maintenance wait for its next turn instead of making everybody else wait for it. */
const LOCK_TIMEOUT = '2s';
/** Clocks gone wrong put few events into a month to come; moving more would hold up those who write and read. */
const MOST_MOVED = 20_000;

export function monthOf(date: Date): Month {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/** @param count months later, or earlier when negative */
export function monthsAfter({ year, month }: Month, count: number): Month {
  return monthOf(new Date(Date.UTC(year, month - 1 + count, 1)));
}

/** The month's first instant, microseconds since the Unix epoch. */
export function startOf({ year, month }: Month): bigint {
  return BigInt(Date.UTC(year, month - 1, 1)) * 1000n;
}

/**
 * The start of the oldest month that is kept: an event is dropped when all of its month is older than the retention.
 * @param days the retention; 0 keeps everything
 * @returns microseconds since the Unix epoch; undefined when nothing is dropped
 */
export function oldestKept(now: Date, days: number): bigint | undefined {
  return days === 0 ? undefined : startOf(monthOf(new Date(now.getTime() - days * DAY_MS)));
}

/** The name of the month's partition. */
export function tableOf({ year, month }: Month): string {
  return `event_${String(year).padStart(4, '0')}_${String(month).padStart(2, '0')}`;
}

/** The monthly partitions of the store. */
export class PartitionRepository {
  constructor(
    private readonly pool: Pool,
    private readonly mostMoved = MOST_MOVED,
  ) {}

  async list(): Promise<readonly MonthPartition[]> {
    const { rows } = await this.pool.query<{ table: string }>(
      `SELECT c.relname AS table FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'events.event'::regclass ORDER BY 1`,
    );
    return rows.flatMap(({ table }) => {
      const match = TABLE.exec(table);
      return match === null ? [] : [{ table, year: Number(match[1]), month: Number(match[2]) }];
    });
  }

  /**
   * Makes the month's partition, and moves events of that month into it which came before it was there.
   * @throws the database's error when the default partition holds too many of them, or a lock is not to be had
   */
  async create(month: Month): Promise<void> {
    const from = hyphenated(firstUuidAt(startOf(month)));
    const to = hyphenated(firstUuidAt(startOf(monthsAfter(month, 1))));
    await this.alone(async (client) => {
      // They are moved as they are, with their positions, so that nobody who follows the store sees them twice.
      const { rowCount } = await client.query(
        `CREATE TEMPORARY TABLE moved ON COMMIT DROP AS WITH early AS (
          DELETE FROM events.event_default WHERE id >= '${from}' AND id < '${to}' AND
            (SELECT count(*) FROM (SELECT FROM events.event_default WHERE id >= '${from}' AND id < '${to}'
              LIMIT ${this.mostMoved + 1}) AS found) <= ${this.mostMoved}
          RETURNING *) SELECT * FROM early`,
      );
      await client.query(
        `CREATE TABLE IF NOT EXISTS events.${tableOf(month)} PARTITION OF events.event FOR VALUES FROM ('${from}') TO ('${to}')`,
      );
      if ((rowCount ?? 0) > 0) await client.query('INSERT INTO events.event SELECT * FROM moved');
    });
  }

  /** Drops the month's partition, and with it what is counted of it. */
  async drop(partition: MonthPartition): Promise<void> {
    const period = [startOf(partition), startOf(monthsAfter(partition, 1))].map(
      (micros) => new Date(Number(micros / 1000n)),
    );
    await this.alone(async (client) => {
      await client.query(LOCK_WATERMARK);
      await client.query(`DROP TABLE events.${partition.table}`);
      for (const statement of FORGET_PERIOD) await client.query(statement, period);
    });
  }

  /** Deletes what is older from the default partition, and takes it back from what is counted. @returns how many */
  async pruneDefault(before: bigint, most: number): Promise<number> {
    return await this.alone(async (client) => {
      await client.query(LOCK_WATERMARK);
      const { rows } = await client.query<{ count: number }>(PRUNE_DEFAULT, [hyphenated(firstUuidAt(before)), most]);
      const count = rows[0]?.count ?? 0;
      if (count > 0) for (const statement of FORGET_EMPTY) await client.query(statement);
      return count;
    });
  }

  /** Forgets identities that were last seen so many days ago. @returns how many */
  async pruneIdentities(days: number, most: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM events.identity WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM events.identity WHERE seen < current_date - $1::integer LIMIT $2))`,
      [days, most],
    );
    return rowCount ?? 0;
  }

  /** Drops dead letters of so many days ago. @returns how many */
  async pruneDeadLetters(days: number, most: number): Promise<number> {
    // Ids go up with the time, so that the oldest are found without an index of their own.
    const { rowCount } = await this.pool.query(
      `DELETE FROM events.dead_letter WHERE id IN (
        SELECT id FROM (SELECT id, created_at FROM events.dead_letter ORDER BY id LIMIT $2) AS oldest
        WHERE created_at < now() - make_interval(days => $1))`,
      [days, most],
    );
    return rowCount ?? 0;
  }

  private async alone<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return await inTransaction(this.pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      // Several processes keep house; one at a time.
      await client.query(`SELECT pg_advisory_xact_lock(hashtext('tidings.events.partitions'))`);
      return await work(client);
    });
  }
}
