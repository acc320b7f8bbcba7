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

function housekeeper(options: Partial<HousekeepingOptions> = {}): Housekeeper {
  const repository = new PartitionRepository(world.pool);
  return new Housekeeper(repository, { retentionDays: 0, identityDays: 8, ...options }, (text) => reports.push(text));
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

  it('are left out, and reported, for a month whose events lie in the default partition already', async () => {
    await ingestAt('2026-11-02T08:00:00Z');
    await housekeeper().keepHouse(NOW);
    expect(await partitions()).not.toContain('event_2026_11');
    expect(await partitions()).toHaveLength(6);
    expect(reports.join()).toContain('event_2026_11');
    expect(await world.count()).toBe(1);
  });
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
    await housekeeper({ identityDays: 8 }).keepHouse(new Date());
    const [row] = await world.query('SELECT count(*)::integer AS count FROM events.identity');
    expect(row?.['count']).toBe(1);
  });
});
