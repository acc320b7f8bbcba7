import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Housekeeper, type HousekeepingOptions, PartitionRepository } from '@tidings/events';
import { IngestWorld, record } from './ingest-world.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const TYPE = 'com.waldur.customer_creation_succeeded';
const data = { context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'University of Tartu' } };

let world: IngestWorld;
let reports: string[];

beforeEach(async () => {
  world = await IngestWorld.create(inject('databaseUrl'));
  reports = [];
});

afterEach(async () => {
  await world.close();
});

function housekeeper(
  options: Partial<HousekeepingOptions> = {},
  repository = new PartitionRepository(world.pool),
): Housekeeper {
  return new Housekeeper(repository, { retentionDays: 0, identityDays: 8, deadLetterDays: 0, ...options }, (text) =>
    reports.push(text),
  );
}

async function ingestAt(...times: readonly string[]): Promise<void> {
  await world.ingest(times.map((time) => record({ id: time, type: TYPE, time, data })));
}

async function partitionOf(eventId: string): Promise<unknown> {
  const rows = await world.query(`SELECT tableoid::regclass::text AS name, event_id FROM events.event`);
  return rows.find((row) => row['event_id'] === eventId)?.['name'];
}

async function partitions(): Promise<readonly string[]> {
  return (await new PartitionRepository(world.pool).list()).map(({ table }) => table);
}

describe('partitions', () => {
  it('are made for the months around the present, and events go to the one of their time', async () => {
    await housekeeper().keepHouse(NOW);
    expect(await partitions()).toEqual([
      'event_2026_08',
      'event_2026_09',
      'event_2026_10',
      'event_2026_11',
      'event_2026_12',
      'event_2027_01',
      'event_2027_02',
    ]);
    const times = [
      '2026-10-31T23:59:59.999999Z',
      '2026-11-01T00:00:00Z',
      '2026-11-30T23:59:59.999999Z',
      '2031-01-01T00:00:00Z',
    ];
    await ingestAt(...times);
    expect(await Promise.all(times.map(partitionOf))).toEqual([
      'events.event_2026_10',
      'events.event_2026_11',
      'events.event_2026_11',
      'events.event_default',
    ]);
  });

  it('can be made by several processes at once', async () => {
    await Promise.all([housekeeper(), housekeeper(), housekeeper()].map((keeper) => keeper.keepHouse(NOW)));
    expect(await partitions()).toHaveLength(7);
    expect(reports).toEqual([]);
  });

  it('take in the events of their month that came before they were there, as they were', async () => {
    const times = ['2026-11-02T08:00:00Z', '2026-12-31T23:59:59.999999Z', '2027-06-01T00:00:00Z'];
    await ingestAt(...times);
    const positions = 'SELECT id, sequence, transaction::text, stored_at, data::text FROM events.event ORDER BY id';
    const before = await world.query(positions);
    await housekeeper().keepHouse(NOW);
    expect(reports).toEqual([]);
    expect(await world.query(positions)).toEqual(before);
    expect(await Promise.all(times.map(partitionOf))).toEqual([
      'events.event_2026_11',
      'events.event_2026_12',
      'events.event_default',
    ]);
  });

  it('are left out, and reported, for a month of which too many events lie in the default partition', async () => {
    await ingestAt('2026-11-02T08:00:00Z', '2026-11-03T08:00:00Z');
    const keeper = housekeeper({}, new PartitionRepository(world.pool, 1));
    await keeper.keepHouse(NOW);
    expect(await partitions()).not.toContain('event_2026_11');
    expect(await partitions()).toHaveLength(6);
    expect(reports.join()).toContain('event_2026_11');
    expect(await world.count()).toBe(2);
  });
});

it('an identity that is forgotten while a copy is held against it is the copy’s from then on', async () => {
  await ingestAt('2026-11-02T08:00:00Z');
  await world.query('UPDATE events.identity SET seen = current_date - 30');
  const { pool } = world;
  const forgetter = await pool.connect();
  let claims = 0;
  // A client is acquired more than once, and is to be watched once.
  const seen = new WeakSet([forgetter]);
  pool.on('acquire', (client) => {
    if (seen.has(client)) return;
    seen.add(client);
    const query = client.query.bind(client) as (...args: readonly unknown[]) => Promise<unknown>;
    const watched = async (...args: readonly unknown[]): Promise<unknown> => {
      const result = await query(...args);
      claims += 1;
      if (claims === 1) await forgetter.query('DELETE FROM events.identity');
      return result;
    };
    // What is streamed is no promise.
    const isClaim = ([statement]: readonly unknown[]): boolean =>
      typeof statement === 'object' && statement !== null && 'name' in statement && statement.name === 'identity-claim';
    Object.assign(client, {
      query: (...args: readonly unknown[]) => (isClaim(args) ? watched(...args) : query(...args)),
    });
  });
  // With another time, so that the store does not know it by its id.
  await world.ingest([record({ id: '2026-11-02T08:00:00Z', type: TYPE, time: '2026-11-03T08:00:00Z', data })]);
  forgetter.release();
  expect(claims).toBe(2);
  expect(await world.count()).toBe(2);
  expect(await world.query('SELECT seen = current_date AS is_new FROM events.identity')).toEqual([{ is_new: true }]);
});

describe('retention', () => {
  it('drops months that are past it whole, and older events of the default partition', async () => {
    await housekeeper().keepHouse(NOW);
    await ingestAt('1999-01-01T00:00:00Z', '2026-08-15T00:00:00Z', '2026-09-30T23:59:59Z', '2026-11-01T00:00:00Z');
    await housekeeper({ retentionDays: 60 }).keepHouse(NOW);
    const rows = await world.query('SELECT event_id FROM events.event ORDER BY id');
    expect(rows.map((row) => row['event_id'])).toEqual(['2026-09-30T23:59:59Z', '2026-11-01T00:00:00Z']);
    expect(await partitions()).not.toContain('event_2026_08');
  });

  it('takes a copy of an event that it has dropped for a double, not for a new event', async () => {
    await housekeeper().keepHouse(NOW);
    await ingestAt('2026-08-15T00:00:00Z');
    await housekeeper({ retentionDays: 60 }).keepHouse(NOW);
    await ingestAt('2026-08-15T00:00:00Z');
    expect(await world.count()).toBe(0);
    expect(world.state.counts).toMatchObject({ stored: 1, doubled: 1, letters: 0 });
  });

  it('says how many events of the default partition it has dropped', async () => {
    await ingestAt('1999-01-01T00:00:00Z', '0001-01-01T00:00:00Z');
    await housekeeper({ retentionDays: 60 }).keepHouse(NOW);
    expect(reports).toEqual(['dropped 2 events outside of the monthly partitions, older than 60 days']);
  });

  it('puts aside what it would drop at once, and leaves no identity of it', async () => {
    const days = 30;
    const strict = await IngestWorld.create(inject('databaseUrl'), { retentionDays: days });
    try {
      const ago = (count: number): string => new Date(Date.now() - count * 86_400_000).toISOString();
      const times = ['0001-01-01T00:00:00Z', ago(days + 32), ago(days), ago(0), '9999-12-31T23:59:59Z'];
      await strict.ingest(times.map((time) => record({ id: time, type: TYPE, time, data })));
      expect(await strict.deadLetters()).toMatchObject([
        { reason: 'older_than_retention', kafka_offset: '0' },
        { reason: 'older_than_retention', kafka_offset: '1' },
      ]);
      const reported: string[] = [];
      const options = { retentionDays: days, identityDays: 8, deadLetterDays: 0 };
      await new Housekeeper(new PartitionRepository(strict.pool), options, (text) => reported.push(text)).keepHouse(
        new Date(),
      );
      expect(reported).toEqual([]);
      expect(await strict.count()).toBe(3);
      expect(await strict.query('SELECT FROM events.identity')).toHaveLength(3);
    } finally {
      await strict.close();
    }
  });

  it('is off unless asked for', async () => {
    await ingestAt('1999-01-01T00:00:00Z');
    await housekeeper().keepHouse(NOW);
    expect(await world.count()).toBe(1);
  });
});

describe('identities', () => {
  it('are forgotten after their window, counted from when they last came', async () => {
    await ingestAt('2026-11-02T08:00:00Z', '2026-11-02T09:00:00Z');
    await world.query('UPDATE events.identity SET seen = current_date - 9');
    await ingestAt('2026-11-02T09:00:00Z');
    await housekeeper({ identityDays: 8, deadLetterDays: 0 }).keepHouse(new Date());
    const [row] = await world.query('SELECT count(*)::integer AS count FROM events.identity');
    expect(row?.['count']).toBe(1);
  });
});

describe('dead letters', () => {
  it('are dropped once they are old enough, the newer ones not', async () => {
    await world.ingest(Array.from({ length: 5 }, (_, n) => ({ headers: {}, value: Buffer.from(`no event ${n}`) })));
    await world.query("UPDATE events.dead_letter SET created_at = now() - interval '91 days' WHERE kafka_offset < 2");
    await world.query("UPDATE events.dead_letter SET created_at = now() - interval '89 days' WHERE kafka_offset = 2");
    await housekeeper().keepHouse(NOW);
    expect(await world.deadLetters()).toHaveLength(5);
    await housekeeper({ deadLetterDays: 90 }).keepHouse(NOW);
    expect((await world.deadLetters()).map((letter) => letter['kafka_offset'])).toEqual(['2', '3', '4']);
    expect(reports).toEqual(['dropped 2 dead letters, older than 90 days']);
  });
});
