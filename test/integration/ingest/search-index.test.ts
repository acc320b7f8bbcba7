import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { PartitionRepository, SearchIndexKeeper, SearchIndexRepository } from '@tidings/events';
import { IngestWorld } from './ingest-world.js';

const NOW = new Date('2026-11-02T12:00:00Z');

let world: IngestWorld;
let reports: string[];
let keeper: SearchIndexKeeper;

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
  reports = [];
  const partitions = new PartitionRepository(world.pool);
  for (const month of [9, 10, 11]) await partitions.create({ year: 2026, month });
  // Every partition counts as large enough once it was looked at.
  await world.query('ANALYZE events.event');
  keeper = new SearchIndexKeeper(
    partitions,
    new SearchIndexRepository(world.pool),
    () => 0,
    (message) => reports.push(message),
    0,
  );
});

afterEach(async () => {
  await world.close();
});

async function indexes(): Promise<unknown> {
  return await world.query(
    `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE relname LIKE '%\\_search' ORDER BY 1`,
  );
}

it('indexes months that are over, one a round and the latest first, and leaves the present one alone', async () => {
  await keeper.round(NOW);
  expect(await indexes()).toEqual([{ name: 'event_2026_10_search', valid: true }]);
  await keeper.round(NOW);
  await keeper.round(NOW);
  expect(await indexes()).toEqual([
    { name: 'event_2026_09_search', valid: true },
    { name: 'event_2026_10_search', valid: true },
  ]);
  expect(reports).toHaveLength(4);
});

it('makes anew what was cut off', async () => {
  await world.query('CREATE INDEX event_2026_10_search ON events.event_2026_10 (id)');
  await world.query(
    `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'events.event_2026_10_search'::regclass`,
  );
  await keeper.round(NOW);
  const [made] = await world.query(
    `SELECT indisvalid AS valid, amname AS method FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam
    WHERE relname = 'event_2026_10_search'`,
  );
  expect(made).toEqual({ valid: true, method: 'gin' });
});

it('leaves it to the process that is at it', async () => {
  const client = await world.pool.connect();
  await client.query(`SELECT pg_advisory_lock(hashtext('tidings.events.search-indexes'))`);
  await keeper.round(NOW);
  expect(await indexes()).toEqual([]);
  client.release(true);
});
