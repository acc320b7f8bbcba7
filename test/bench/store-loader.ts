import { finished } from 'node:stream/promises';
import { eventUuid, hyphenated, identityKey } from '@tidings/catalogue';
import { createDataSource, poolOf } from '@tidings/database';
import {
  COPY_COLUMNS,
  DictionaryRepository,
  encodeRows,
  EVENTS_MIGRATIONS,
  EVENTS_SCHEMA,
  type EventRow,
  PartitionRepository,
  RollupKeeper,
  RollupRepository,
} from '@tidings/events';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { progress } from './figures.js';
import { pick, templateRows } from './store-templates.js';

const BATCH = 20_000;
const DAYS = 90;
const DAY_MICROS = 86_400_000_000n;
const PROGRESS_MS = 5_000;

/**
 * Fills a store with so many events of the past 90 days, through everything but Kafka: the reader makes the templates,
 * the ingest's encoder the rows. Indexes are built behind the rows, which takes a fraction of the time.
 * @returns whether it was filled; a store that has as many already is left as it is
 */
export async function loadStore(url: string, count: number): Promise<boolean> {
  const dataSource = await createDataSource({
    url,
    applicationName: 'bench',
    schema: EVENTS_SCHEMA,
    migrations: EVENTS_MIGRATIONS,
    poolSize: 4,
  });
  try {
    const pool = poolOf(dataSource);
    if (await isLoaded(pool, count)) return false;
    await fill(pool, count);
    return true;
  } finally {
    await dataSource.destroy();
  }
}

async function isLoaded(pool: Pool, count: number): Promise<boolean> {
  await pool.query('CREATE TABLE IF NOT EXISTS public.bench_loaded (count bigint NOT NULL)');
  const { rows } = await pool.query<{ count: string }>('SELECT count FROM public.bench_loaded');
  if (rows[0] === undefined) return false;
  if (Number(rows[0].count) === count) return true;
  throw new Error(`The kept store has ${rows[0].count} events: ask for as many, or remove its folder.`);
}

async function fill(pool: Pool, count: number): Promise<void> {
  const begin = performance.now();
  const end = BigInt(Date.now()) * 1000n;
  const start = end - BigInt(DAYS) * DAY_MICROS;
  await createPartitions(pool, start, end);
  const indexes = await takeIndexes(pool);
  await copyEvents(pool, count, start, end);
  progress(`${count} rows after ${seconds(begin)} s; building the indexes`);
  for (const statement of indexes) {
    await pool.query(statement);
    progress(`${seconds(begin)} s: ${statement.slice(0, 90)}`);
  }
  await new RollupKeeper(new RollupRepository(pool), progress).round();
  await pool.query('VACUUM ANALYZE');
  await pool.query('INSERT INTO public.bench_loaded VALUES ($1)', [count]);
  progress(`loaded ${count} events in ${seconds(begin)} s`);
}

async function createPartitions(pool: Pool, start: bigint, end: bigint): Promise<void> {
  const partitions = new PartitionRepository(pool);
  const last = new Date(Number(end / 1000n));
  for (let at = new Date(Number(start / 1000n)); ; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1))) {
    if (at > last) return;
    await partitions.create({ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1 });
  }
}

/** Takes the indexes and keys away. @returns the statements that make them again */
async function takeIndexes(pool: Pool): Promise<readonly string[]> {
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

async function copyEvents(pool: Pool, count: number, start: bigint, end: bigint): Promise<void> {
  const templates = templateRows();
  const dictionary = new DictionaryRepository();
  const numbersOf = await dictionary.numbersFor(pool, templates);
  const client = await pool.connect();
  const begin = performance.now();
  let told = begin;
  try {
    for (let at = 0; at < count; at += BATCH) {
      const size = Math.min(BATCH, count - at);
      const rows = Array.from({ length: size }, (_, n) => rowAt(templates, at + n, count, start, end));
      await client.query('BEGIN');
      await copy(
        client,
        `COPY events.event (${COPY_COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`,
        encodeRows(rows, numbersOf),
      );
      const identities = rows.map(({ key, id }) => `${hyphenated(key)}\t${hyphenated(id)}\n`).join('');
      await copy(client, 'COPY events.identity (key, event) FROM STDIN', Buffer.from(identities));
      await client.query('COMMIT');
      if (performance.now() - told < PROGRESS_MS) continue;
      told = performance.now();
      progress(`${at + size} of ${count} rows, ${Math.round((at + size) / Number(seconds(begin)))} a second`);
    }
  } finally {
    client.release();
  }
}

function rowAt(templates: readonly EventRow[], index: number, count: number, start: bigint, end: bigint): EventRow {
  // A step through the templates that meets each of them, and not one beside the other.
  const template = pick(templates, index * 7_919);
  const micros = start + ((end - start) * BigInt(index)) / BigInt(count);
  const eventId = `bench-${index}`;
  const key = identityKey(template.source, eventId);
  return { ...template, micros, eventId, key, id: eventUuid(micros, key) };
}

async function copy(client: PoolClient, statement: string, bytes: Buffer): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(bytes);
  await finished(stream);
}

function seconds(begin: number): string {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
