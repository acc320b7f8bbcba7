import { PartitionRepository } from '@tidings/events';
import type { Pool } from 'pg';
import type { Span } from './store-rows.js';

/** The partitions of the months, as the ingest's housekeeper makes them ahead. */
export async function createPartitions(pool: Pool, { start, end }: Span): Promise<void> {
  const partitions = new PartitionRepository(pool);
  const last = new Date(Number(end / 1000n));
  for (let at = new Date(Number(start / 1000n)); ; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1))) {
    if (at > last) return;
    await partitions.create({ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1 });
  }
}

/**
 * Takes the indexes and keys away: built behind the rows they take a fraction of the time.
 * @returns the statements that make them again
 */
export async function takeIndexes(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ drop: string; create: string }>(
    `SELECT CASE WHEN indisprimary THEN format('ALTER TABLE %s DROP CONSTRAINT %I', indrelid::regclass, conname)
        ELSE format('DROP INDEX %s', indexrelid::regclass) END AS drop,
      CASE WHEN indisprimary THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', indrelid::regclass, conname,
        pg_get_constraintdef(c.oid)) ELSE replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') END AS create
    FROM pg_index LEFT JOIN pg_constraint c ON c.conindid = indexrelid AND c.conrelid = indrelid
    WHERE indrelid IN ('events.event'::regclass, 'events.identity'::regclass) ORDER BY indisprimary DESC, indexrelid`,
  );
  for (const { drop } of rows) await pool.query(drop);
  return rows.map(({ create }) => `SET maintenance_work_mem = '512MB'; ${create}`);
}
