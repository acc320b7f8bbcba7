import { createDataSource, poolOf } from '@tidings/database';
import { EVENTS_MIGRATIONS, EVENTS_SCHEMA } from '@tidings/events';
import type { Pool } from 'pg';
import { freshDatabase } from '../harness/fresh-database.js';

/** Works with a database whose schema is brought up to date first. */
export async function withStore<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource({
    url,
    applicationName: 'bench',
    schema: EVENTS_SCHEMA,
    migrations: EVENTS_MIGRATIONS,
    poolSize: 4,
  });
  try {
    return await work(poolOf(dataSource));
  } finally {
    await dataSource.destroy();
  }
}

/**
 * An older schema is brought up to date; one that is newer, or of another branch, is not what is measured.
 * @throws {RangeError} when it is another than the migrations make in an empty database
 */
export async function checkSchema(url: string): Promise<void> {
  const empty = await freshDatabase(url);
  try {
    const wanted = await withStore(empty.url, partsOf);
    const found = await withStore(url, partsOf);
    const [missing] = [...wanted].filter((part) => !found.has(part));
    const [foreign] = [...found].filter((part) => !wanted.has(part));
    if (missing === undefined && foreign === undefined) return;
    const what = missing === undefined ? `it has ${foreign}` : `it lacks ${missing}`;
    throw new RangeError(`The kept store has another schema (${what}): remove its folder.`);
  } finally {
    await empty.drop();
  }
}

/** Columns and indexes of the tables, without those of the partitions. */
async function partsOf(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ part: string }>(
    `SELECT format('the column %s %s', attrelid::regclass, concat_ws(' ', attname, format_type(atttypid, atttypmod))) AS part
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'events'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT 'the index ' || pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'events'::regnamespace AND NOT relispartition`,
  );
  return new Set(rows.map(({ part }) => part.replace(' ON ONLY ', ' ON ')));
}
