import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createDataSource, poolOf } from '@tidings/database';
import {
  EVENTS_MIGRATIONS,
  EVENTS_SCHEMA,
  PartitionIndexRepository,
  PartitionRepository,
  SearchChunkRepository,
  SearchIndexKeeper,
  SearchIndexRepository,
  SearchTextRepository,
} from '@tidings/events';
import type { Pool } from 'pg';
import { freshDatabase, type FreshDatabase } from '../../harness/fresh-database.js';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
});

afterEach(async () => {
  await database.drop();
});

const settings = (migrations: typeof EVENTS_MIGRATIONS | readonly [(typeof EVENTS_MIGRATIONS)[0]]) =>
  ({ url: database.url, applicationName: 'test', schema: EVENTS_SCHEMA, migrations, poolSize: 2 }) as const;

it('gives what was stored before a text that is searched, and indexes, while others write', async () => {
  const old = await createDataSource(settings([EVENTS_MIGRATIONS[0]]));
  const payloads = [
    '{"message":"Hi","context":{"name":"Uni of \\"TARTU\\"","n":[1,{"k":"v"}]}}',
    '{"nul":"a\\u0000b","surrogate":"\\ud800"}',
    '"bare"',
  ];
  for (const [index, data] of payloads.entries()) {
    await poolOf(old).query(
      `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
        event_id, message, data) VALUES (gen_random_uuid(), now(), 1, 1, 1, 0, $1::bigint, true, $2, 'Some MESSAGE', $3)`,
      [index, String(index), data],
    );
  }
  await old.destroy();
  const now = await createDataSource(settings(EVENTS_MIGRATIONS));
  const pool = poolOf(now);
  const reports: string[] = [];
  const keeper = new SearchIndexKeeper({
    partitions: new PartitionRepository(pool),
    indexes: new SearchIndexRepository(pool),
    chunks: new SearchChunkRepository(),
    texts: new SearchTextRepository(),
    partitionIndexes: new PartitionIndexRepository(),
    storedSoFar: () => 0,
    report: (message) => reports.push(message),
  });
  expect(await invalidIndexes(pool)).toEqual([
    'event_by_subject',
    'event_by_tenant_type_id',
    'event_by_transaction',
    'event_without_search_text',
  ]);
  await keeper.round(new Date());
  expect(reports.slice(-1)).toEqual(['filled in the search text of 3 events']);
  expect(await invalidIndexes(pool)).toEqual([]);
  // A partition that is made later has them all.
  await new PartitionRepository(pool).create({ year: 2026, month: 11 });
  const indexed = await pool.query('SELECT 1 FROM pg_indexes WHERE tablename = $1', ['event_2026_11']);
  expect(indexed.rowCount).toBe(12);
  const { rows } = await pool.query<{ text: string }>(
    'SELECT search_text AS text FROM events.event ORDER BY kafka_offset',
  );
  await now.destroy();
  expect(rows.map(({ text }) => text.split('\u001f'))).toEqual([
    ['some message', expect.stringMatching(/^hi .*uni of .*tartu.* 1 v$/)],
    ['some message', expect.stringContaining('a\\u0000b')],
    ['some message', 'bare'],
  ]);
});

async function invalidIndexes(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE NOT indisvalid AND relnamespace = 'events'::regnamespace ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
