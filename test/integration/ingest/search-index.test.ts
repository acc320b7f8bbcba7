import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  PartitionIndexRepository,
  PartitionRepository,
  SearchChunkRepository,
  SearchIndexKeeper,
  SearchIndexRepository,
  SearchTextRepository,
} from '@tidings/events';
import { eventUuid, hyphenated } from '@tidings/catalogue';
import { until } from '../../harness/until.js';
import { IngestWorld } from './ingest-world.js';

const NOW = new Date('2026-11-02T12:00:00Z');
const MICROS_OF_MINUTE = 60_000_000n;

let world: IngestWorld;
let reports: string[];

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
  reports = [];
  for (const month of [9, 10, 11]) await new PartitionRepository(world.pool).create({ year: 2026, month });
  // Every partition counts as large enough once it was looked at.
  await world.query('ANALYZE events.event');
});

afterEach(async () => {
  await world.close();
});

function keeperFor(fewestRows: number, newestRows = 0): SearchIndexKeeper {
  return new SearchIndexKeeper({
    partitions: new PartitionRepository(world.pool),
    indexes: new SearchIndexRepository(world.pool),
    chunks: new SearchChunkRepository(),
    texts: new SearchTextRepository(),
    partitionIndexes: new PartitionIndexRepository(),
    storedSoFar: () => 0,
    report: (message) => reports.push(message),
    fewestRows,
    newestRows,
    rest: 0,
  });
}

async function indexes(): Promise<unknown> {
  return await world.query(
    `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE relname ~ '_search(_\\d+)?$' ORDER BY 1`,
  );
}

describe('a month that is over', () => {
  it('gets one index, the latest month first, one a round', async () => {
    const keeper = keeperFor(0);
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

  it('has it made anew where that was cut off', async () => {
    await world.query('CREATE INDEX event_2026_10_search ON events.event_2026_10 (id)');
    await world.query(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'events.event_2026_10_search'::regclass`,
    );
    await keeperFor(0).round(NOW);
    const [made] = await world.query(
      `SELECT indisvalid AS valid, amname AS method FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam
      WHERE relname = 'event_2026_10_search'`,
    );
    expect(made).toEqual({ valid: true, method: 'gin' });
  });

  it('loses the indexes of its parts for it', async () => {
    await insert('2026-10-05T00:00:00Z', 11);
    const keeper = keeperFor(10);
    await keeper.round(new Date('2026-10-06T00:00:00Z'));
    expect(await indexes()).toEqual([{ name: 'event_2026_10_search_1', valid: true }]);
    await world.query('ANALYZE events.event');
    await keeper.round(NOW);
    await keeper.round(NOW);
    expect(await indexes()).toEqual([{ name: 'event_2026_10_search', valid: true }]);
  });

  it('is left to the process that is at it', async () => {
    const client = await world.pool.connect();
    await client.query(`SELECT pg_advisory_lock(hashtext('tidings.events.search-indexes'))`);
    try {
      await keeperFor(0).round(NOW);
      expect(await indexes()).toEqual([]);
    } finally {
      client.release(true);
    }
  });
});

describe('the present month', () => {
  it('gets an index when enough came in, but not of the newest rows', async () => {
    const keeper = keeperFor(10, 3);
    await insert('2026-11-01T00:00:00Z', 12);
    await keeper.round(NOW);
    expect(await parts()).toEqual([]);
    await insert('2026-11-01T01:00:00Z', 2);
    await keeper.round(NOW);
    expect(await parts()).toEqual([{ name: 'event_2026_11_search_1', valid: true, rows: '10', there: 10 }]);
  });

  it('has smaller ones merged into the next', async () => {
    const keeper = keeperFor(10);
    for (const [hour, count] of [20, 10, 10, 40].entries()) {
      await insert(`2026-11-01T0${hour}:00:00Z`, count + 1 - Math.min(hour, 1));
      // The last row of all is the bound and belongs to the next one.
      await keeper.round(NOW);
    }
    const made = (await parts()) as { name: string; rows: string; there: number }[];
    expect(made.map(({ rows }) => rows)).toEqual(['80']);
    expect(made[0]?.there).toBe(80);
  });

  it('has what was cut off in the middle dropped and made anew', async () => {
    await insert('2026-11-01T00:00:00Z', 20);
    const writer = await world.pool.connect();
    await writer.query('BEGIN; LOCK TABLE events.event_2026_11 IN ROW EXCLUSIVE MODE');
    const first = keeperFor(10);
    const round = first.round(NOW);
    await until(async () => {
      const found = await world.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%'
        AND datname = current_database() AND wait_event_type = 'Lock'`);
      return found.length === 1;
    });
    await first.stop();
    await round;
    await writer.query('COMMIT');
    writer.release();
    expect(await indexes()).toEqual([{ name: 'event_2026_11_search_1', valid: false }]);
    await keeperFor(10).round(NOW);
    expect(await parts()).toEqual([{ name: 'event_2026_11_search_1', valid: true, rows: '19', there: 19 }]);
  });
});

/** The indexes of parts, with how many rows lie within their bounds. */
async function parts(): Promise<readonly unknown[]> {
  const found = (await world.query(
    `SELECT relname AS name, indisvalid AS valid, obj_description(indexrelid, 'pg_class') AS rows,
      pg_get_expr(indpred, indrelid) AS bounds
    FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname ~ '_search_\\d+$' ORDER BY 1`,
  )) as { name: string; valid: boolean; rows: string; bounds: string }[];
  return await Promise.all(
    found.map(async ({ bounds, ...shown }) => {
      const [counted] = await world.query(`SELECT count(*)::integer AS there FROM events.event WHERE ${bounds}`);
      return { ...shown, ...(counted as object) };
    }),
  );
}

let inserted = 0;

/** So many rows, a minute apart. */
async function insert(from: string, count: number): Promise<void> {
  const start = BigInt(Date.parse(from)) * 1000n;
  for (let index = 0; index < count; index += 1) {
    inserted += 1;
    const id = hyphenated(eventUuid(start + BigInt(index) * MICROS_OF_MINUTE, String(inserted).padStart(32, '0')));
    await world.pool.query(
      `INSERT INTO events.event (id, time, type_id, source_id, kafka_topic_id, kafka_partition, kafka_offset, conforming,
        event_id, message, data, search_text) VALUES ($1, now(), 1, 1, 1, 0, 0, true, $2, 'text', '{}', 'text')`,
      [id, String(inserted)],
    );
  }
}
