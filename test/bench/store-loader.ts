import {
  PartitionIndexRepository,
  PartitionRepository,
  RollupKeeper,
  RollupRepository,
  SearchChunkRepository,
  SearchIndexKeeper,
  SearchIndexRepository,
  SearchTextRepository,
} from '@tidings/events';
import type { Pool } from 'pg';
import { progress } from './figures.js';
import { checkSchema, withStore } from './store-schema.js';
import { createPartitions, takeIndexes } from './store-indexes.js';
import { copyEvents } from './store-rows.js';

/** Of what the loader makes: a kept store of another is not what is measured. */
const LOADER = 1;
const DAYS = 90;
const DAY_MICROS = 86_400_000_000n;
/** More rounds than there are partitions, so that an index that cannot be made does not keep the bench for ever. */
const MOST_ROUNDS = 20;

/**
 * Fills a store with so many events of the past 90 days, through everything but Kafka: the reader makes the templates,
 * the ingest's encoder the rows. A store that has them already is left as it is.
 * @param checkRoom called before anything is written
 * @returns Unix seconds of the newest of them
 * @throws {RangeError} when the store was loaded by a loader, with a number or with a schema that does not fit
 */
export async function loadStore(url: string, count: number, checkRoom: () => void): Promise<number> {
  await checkSchema(url);
  return withStore(url, async (pool) => {
    const loadedAt = await loadedBefore(pool, count);
    if (loadedAt !== undefined) return loadedAt;
    checkRoom();
    const end = BigInt(Date.now()) * 1000n;
    await fill(pool, count, { start: end - BigInt(DAYS) * DAY_MICROS, end });
    const newest = Number(end / 1_000_000n);
    await pool.query('INSERT INTO public.bench_store VALUES ($1, $2, $3)', [LOADER, count, newest]);
    return newest;
  });
}

/** What the ingest does by and by is done to the end: counts that are kept ready, and indexes of the search text. */
export async function readyStore(url: string): Promise<void> {
  await withStore(url, async (pool) => {
    const begin = performance.now();
    await new RollupKeeper(new RollupRepository(pool), progress).round();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      let said = 0;
      const report = (message: string): void => {
        said += 1;
        progress(`${message} (${seconds(begin)} s)`);
      };
      const keeper = new SearchIndexKeeper({
        partitions: new PartitionRepository(pool),
        indexes: new SearchIndexRepository(pool),
        chunks: new SearchChunkRepository(),
        texts: new SearchTextRepository(),
        partitionIndexes: new PartitionIndexRepository(),
        storedSoFar: () => 0,
        report,
        rest: 0,
      });
      await keeper.round(new Date());
      if (said === 0) break;
    }
    await pool.query('ANALYZE events.event');
    progress(`roll-ups and search indexes are ready after ${seconds(begin)} s`);
  });
}

async function loadedBefore(pool: Pool, count: number): Promise<number | undefined> {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS public.bench_store (loader int NOT NULL, count bigint NOT NULL, loaded_at bigint NOT NULL)',
  );
  const { rows } = await pool.query<{ loader: number; count: string; loaded_at: string }>(
    'SELECT loader, count, loaded_at FROM public.bench_store',
  );
  const [kept] = rows;
  if (kept === undefined) {
    const { rows: found } = await pool.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM events.event) AS any');
    if (found[0]?.any !== true) return undefined;
    throw new RangeError('The kept store is only half loaded: remove its folder.');
  }
  if (kept.loader !== LOADER)
    throw new RangeError('The kept store is of another version of the loader: remove its folder.');
  if (Number(kept.count) === count) return Number(kept.loaded_at);
  throw new RangeError(`The kept store was loaded with ${kept.count} events: ask for as many, or remove its folder.`);
}

async function fill(pool: Pool, count: number, span: Parameters<typeof copyEvents>[2]): Promise<void> {
  const begin = performance.now();
  await createPartitions(pool, span);
  const indexes = await takeIndexes(pool);
  await copyEvents(pool, count, span);
  progress(`${count} rows after ${seconds(begin)} s; building the indexes`);
  for (const statement of indexes) {
    await pool.query(statement);
    progress(`${seconds(begin)} s: ${/(INDEX|CONSTRAINT) \w+/.exec(statement)?.[0] ?? statement}`);
  }
  await pool.query('VACUUM ANALYZE');
  progress(`loaded ${count} events in ${seconds(begin)} s`);
}

function seconds(begin: number): string {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
