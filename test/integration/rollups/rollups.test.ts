import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { PoolClient } from 'pg';
import { firstUuidAt, parseTime } from '@tidings/catalogue';
import {
  Housekeeper,
  PartitionRepository,
  RolledEventCounts,
  RollupKeeper,
  RollupRepository,
  SearchSegmentRepository,
} from '@tidings/events';
import { DatabaseReader } from '@tidings/database';
import { until } from '../../harness/until.js';
import { IngestWorld } from '../ingest/ingest-world.js';

type Criteria = Parameters<RolledEventCounts['histogram']>[0];

let world: IngestWorld;
let rollups: RollupRepository;

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
  rollups = new RollupRepository(world.pool);
});

afterEach(async () => {
  await world.close();
});

function rolledCounts(): RolledEventCounts {
  const reader = new DatabaseReader(world.pool);
  return new RolledEventCounts(reader, new SearchSegmentRepository(reader));
}

const tenant = (n: number): string => String(n).padStart(32, '0');

/** One event every 17 minutes from that time on, of three tenants (and none), four types, two sources. */
async function put(count: number, from = '2026-09-29T22:10:00Z', client: PoolClient | typeof world.pool = world.pool) {
  const begin = parseTime(from) ?? 0n;
  for (let at = 0; at < count; at += 1) {
    const micros = begin + BigInt(at) * 17n * 60_000_000n + BigInt(Math.floor(Math.random() * 1_000_000));
    const id = firstUuidAt(micros).slice(0, 16) + crypto.randomUUID().replaceAll('-', '').slice(16);
    await client.query(
      `INSERT INTO events.event (id, time, type_id, source_id, tenant, kafka_topic_id, kafka_partition, kafka_offset,
        conforming, event_id, message, data)
      VALUES ($1, to_timestamp($2::numeric / 1000000), $3, $4, $5, 1, 0, 0, true, '', '', '{}')`,
      [id, String(micros), (at % 4) + 1, (at % 2) + 1, at % 4 === 3 ? null : tenant(at % 3)],
    );
  }
}

const at = (time: string): string => firstUuidAt(parseTime(time) ?? 0n);
const QUESTIONS: readonly (readonly [string, Criteria, string])[] = [
  ['everything', { owners: [] }, 'true'],
  ['types and a source', { owners: [], typeIds: [1, 3], sourceIds: [1] }, 'type_id IN (1, 3) AND source_id = 1'],
  ['a tenant', { owners: [{ role: 'tenant', key: tenant(1) }] }, `tenant = '${tenant(1)}'`],
  [
    'a tenant and a type',
    { owners: [{ role: 'tenant', key: tenant(1) }], typeIds: [2] },
    `tenant = '${tenant(1)}' AND type_id = 2`,
  ],
  [
    'a time that is no whole unit',
    { owners: [], firstId: at('2026-09-30T03:04:05Z'), endId: at('2026-10-02T23:58:57.5Z') },
    `time >= '2026-09-30T03:04:05Z' AND time < '2026-10-02T23:58:57.5Z'`,
  ],
  [
    'a tenant in such a time',
    {
      owners: [{ role: 'tenant', key: tenant(2) }],
      firstId: at('2026-09-29T23:00:00.1Z'),
      endId: at('2026-10-01T12:00:00Z'),
    },
    `tenant = '${tenant(2)}' AND time >= '2026-09-29T23:00:00.1Z' AND time < '2026-10-01T12:00:00Z'`,
  ],
  [
    'what somebody may see by type and source',
    { owners: [], visible: [{ typeIds: [1], sourceIds: [1] }, { typeIds: [2] }] },
    '(type_id = 1 AND source_id = 1 OR type_id = 2)',
  ],
  [
    'what somebody may see of two tenants',
    { owners: [], visible: [{ role: 'tenant', keys: [tenant(0), tenant(1)], sourceIds: [1] }] },
    `tenant IN ('${tenant(0)}', '${tenant(1)}') AND source_id = 1`,
  ],
];

/** Every question, by whatever roll-up there is, beside the count of the rows themselves. */
async function expectExact(): Promise<void> {
  const counts = rolledCounts();
  for (const [name, criteria, sql] of QUESTIONS) {
    const [row] = await world.query(`SELECT count(*)::integer AS count FROM events.event WHERE ${sql}`);
    expect([name, await counts.count(criteria)]).toEqual([name, row?.['count']]);
    for (const interval of ['hour', 'day', 'week', 'month'] as const) {
      const rows = await world.query(
        `SELECT extract(epoch FROM date_trunc('${interval}', time, 'UTC'))::float8 * 1000 AS start, type_id AS value,
          count(*)::integer AS count FROM events.event WHERE ${sql} GROUP BY 1, 2 ORDER BY 1, 2`,
      );
      const buckets = await counts.histogram(criteria, { interval, field: 'type_id' });
      const sorted = [...buckets].sort((a, b) => a.start - b.start || Number(a.value) - Number(b.value));
      expect([name, interval, sorted]).toEqual([name, interval, rows]);
    }
  }
}

async function watermark(): Promise<bigint> {
  const [row] = await world.query('SELECT transaction::text FROM events.rollup_state');
  return BigInt(String(row?.['transaction']));
}

async function counted(): Promise<number> {
  const [row] = await world.query('SELECT coalesce(sum(count), 0)::integer AS sum FROM events.rollup WHERE unit = 2');
  return Number(row?.['sum']);
}

/** Lets a keeper count until all is in the roll-ups: other databases' transactions may hold it up. */
async function countAll(expected: number): Promise<void> {
  const keeper = new RollupKeeper(rollups, () => undefined);
  await until(async () => {
    await keeper.round();
    return (await counted()) === expected;
  });
}

describe('roll-ups', () => {
  it('answer exactly before, while and after they are made', async () => {
    await put(400);
    await expectExact();
    expect(await until(() => rollups.advance(100))).toBeGreaterThan(0);
    expect(await counted()).toBeLessThan(400);
    await expectExact();
    await countAll(400);
    await expectExact();
    await put(50, '2026-10-01T00:00:00Z');
    await expectExact();
    await countAll(450);
    await expectExact();
    expect(await rollups.advance(1_000)).toBeUndefined();
  });

  it('take a transaction whole, however large', async () => {
    const client = await world.pool.connect();
    await client.query('BEGIN');
    await put(30, undefined, client);
    await client.query('COMMIT');
    client.release();
    // Transactions of other databases of the server hold the watermark back, too.
    expect(await until(() => rollups.advance(7))).toBe(30);
    await expectExact();
  });

  it('wait for a transaction that began earlier and commits later', async () => {
    const client = await world.pool.connect();
    await client.query('BEGIN');
    await put(10, '2026-10-01T00:00:00Z', client);
    await put(20);
    await rollups.advance(1_000);
    const [row] = await world.query('SELECT count(*)::integer AS count FROM events.event');
    expect(row).toEqual({ count: 20 });
    await expectExact();
    await client.query('COMMIT');
    client.release();
    await expectExact();
    await countAll(30);
    await expectExact();
  });

  it('lose nothing and double nothing when the process ends in the middle', async () => {
    await put(120);
    await until(() => rollups.advance(60));
    const before = await watermark();
    const blocker = await world.pool.connect();
    await blocker.query('BEGIN');
    // The rows of this month are written by what comes next, which so stands still in its midst.
    await blocker.query('SELECT FROM events.rollup FOR UPDATE');
    const attempt = rollups.advance(1_000);
    const outcome = expect(attempt).rejects.toThrow(/terminat/);
    await until(async () => {
      const rows = await world.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%events.rollup%'`,
      );
      return rows.length > 0;
    });
    await outcome;
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(await watermark()).toBe(before);
    await expectExact();
    await countAll(120);
    await expectExact();
  });

  it('are kept by several processes at once while others store', async () => {
    const stores = Array.from({ length: 3 }, async (_, index) => put(60, `2026-10-0${index + 1}T00:00:00Z`));
    const ended = Promise.all(stores).then(() => true);
    let stored = false;
    void ended.then(() => (stored = true));
    const keeper = async (): Promise<void> => {
      while (!stored) await rollups.advance(5);
    };
    await Promise.all([ended, keeper(), keeper()]);
    await countAll(180);
    await expectExact();
  });

  it('forget what retention drops, counted or not', async () => {
    const partitions = new PartitionRepository(world.pool);
    await partitions.create({ year: 2026, month: 9 });
    await partitions.create({ year: 2026, month: 10 });
    await put(150);
    await put(20, '2020-01-01T00:00:00Z');
    await rollups.advance(1_000);
    await put(15, '2026-09-30T00:00:00Z');
    await put(10, '2020-02-01T00:00:00Z');
    const house = new Housekeeper(
      partitions,
      { retentionDays: 30, identityDays: 30, deadLetterDays: 0 },
      () => undefined,
    );
    await house.keepHouse(new Date('2026-11-02T00:00:00Z'));
    const [oldest] = await world.query('SELECT min(time) AS time FROM events.event');
    expect(oldest?.['time']).toEqual(expect.any(Date));
    expect(Number(oldest?.['time'])).toBeGreaterThanOrEqual(Date.parse('2026-10-01T00:00:00Z'));
    await expectExact();
    await new RollupKeeper(rollups, () => undefined).round();
    await expectExact();
    const [rest] = await world.query(`SELECT count(*)::integer AS count FROM events.rollup WHERE time < '2026-10-01'`);
    expect(rest).toEqual({ count: 0 });
  });

  it('leave what they do not know to the rows, by the bounds of the buckets or by the times of the rows', async () => {
    await put(150);
    const hours = Array.from({ length: 72 }, (_, hour) => Date.parse('2026-10-01T00:00:00Z') + hour * 3_600_000);
    const buckets = { starts: hours.slice(0, -1), end: hours.at(-1) ?? 0 };
    const counts = rolledCounts();
    const within = {
      firstId: firstUuidAt(BigInt(buckets.starts[0] ?? 0) * 1000n),
      endId: firstUuidAt(BigInt(buckets.end) * 1000n),
    };
    const asked: readonly Criteria[] = [
      { ...within, owners: [{ role: 'tenant', key: tenant(1) }] },
      { ...within, owners: [], relatedUser: tenant(2) },
      { ...within, owners: [], typeIds: [1, 2], conforming: true },
    ];
    for (const criteria of asked) {
      const byTime = await counts.histogram(criteria, { interval: 'hour' });
      expect(await counts.histogram(criteria, { interval: 'hour', buckets })).toEqual(byTime);
      if (criteria.relatedUser === undefined) expect(byTime.length).toBeGreaterThan(1);
    }
  });

  it('do not answer what they do not know', async () => {
    const counts = rolledCounts();
    const unknown: readonly Criteria[] = [
      { owners: [{ role: 'project', key: tenant(1) }] },
      { owners: [], message: ['x'] },
      { owners: [], conforming: false },
      { owners: [], visible: [{ role: 'actor' }] },
      { owners: [], visible: [{ typeIds: [1] }, { role: 'tenant', keys: [tenant(1)] }] },
      { owners: [], firstId: at('2026-10-01T00:00:01Z'), endId: at('2026-10-01T00:59:59Z') },
    ];
    for (const criteria of unknown) expect(await counts.count(criteria)).toBeUndefined();
  });
});
