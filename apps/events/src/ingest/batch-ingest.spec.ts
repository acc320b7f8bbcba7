import { describe, expect, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import { HandedBack, type BatchControl, type IncomingRecord, type RecordBatch } from '@tidings/transport';
import { BatchIngest } from './batch-ingest.js';
import type { DeadLetter } from './dead-letter.js';
import type { EventRepository, Load } from './event.repository.js';
import { IngestState } from './ingest-state.js';
import { RecordReader } from './record-reader.js';

const lost = Object.assign(new Error('connection terminated'), { code: 'ECONNRESET' });
const refused = Object.assign(new Error('invalid byte sequence'), { code: '22021' });

/** A store that fails as the test says. */
class FakeRepository implements Pick<EventRepository, 'store'> {
  readonly rows: string[] = [];
  readonly letters: DeadLetter[] = [];
  calls = 0;

  constructor(private readonly failure: (load: Load, call: number) => Error | undefined) {}

  store(load: Load): ReturnType<EventRepository['store']> {
    const { rows, letters } = load;
    this.calls += 1;
    const failure = this.failure(load, this.calls);
    if (failure !== undefined) return Promise.reject(failure);
    this.rows.push(...rows.map((row) => row.eventId));
    this.letters.push(...letters);
    return Promise.resolve({ stored: rows.length, doubled: 0, letters: letters.length });
  }
}

function setUp(failure: (load: Load, call: number) => Error | undefined) {
  const reports: string[] = [];
  const repository = new FakeRepository(failure);
  const state = new IngestState((message) => reports.push(message));
  const ingest = new BatchIngest(
    new RecordReader(catalogue, { prefix: '' }),
    repository as unknown as EventRepository,
    state,
  );
  return { repository, state, reports, ingest };
}

function batch(count: number): RecordBatch {
  const { type, example } = catalogue.types()[0] ?? expect.fail('the catalogue is empty');
  const records = Array.from({ length: count }, (_, n): IncomingRecord => {
    const headers = {
      ce_specversion: '1.0',
      ce_id: `e${n}`,
      ce_source: '/a/b',
      ce_type: type,
      ce_time: '2026-11-02T08:00:00Z',
    };
    const bytes = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]);
    const value = Buffer.from(JSON.stringify(example));
    return { offset: String(n), key: null, value, timestamp: '0', headers: Object.fromEntries(bytes) };
  });
  return { kafkaTopic: 'lifecycle.a.b', partition: 0, records };
}

function control(isStale: () => boolean = () => false): BatchControl & { readonly beats: () => number } {
  let beats = 0;
  return {
    isStale,
    beats: () => beats,
    heartbeat: () => {
      beats += 1;
      return Promise.resolve();
    },
  };
}

describe('BatchIngest', () => {
  it('waits while the database is away, says so once, and goes on by itself', async () => {
    const waits: (string | undefined)[] = [];
    const { ingest, repository, state, reports } = setUp((_, call) => {
      waits.push(state.waitsFor);
      return call <= 3 ? lost : undefined;
    });
    await ingest.handle(batch(2), control());
    expect(repository.rows).toEqual(['e0', 'e1']);
    expect(waits).toEqual([undefined, ...Array<string>(3).fill('connection terminated')]);
    expect(state.waitsFor).toBeUndefined();
    expect(reports).toHaveLength(2);
  });

  it('gives a batch up when its partition was taken away meanwhile', async () => {
    const { ingest, repository } = setUp(() => lost);
    const stale = control(() => repository.calls > 0);
    await expect(ingest.handle(batch(1), stale)).rejects.toMatchObject({ name: 'HandedBack', doneTo: undefined });
    expect(repository.calls).toBe(1);
  });

  it('stores a large batch in portions, says after each that it lives, and hands back what it has not begun', async () => {
    const { ingest, repository } = setUp(() => undefined);
    const held = control(() => repository.calls === 2);
    const handed = await ingest.handle(batch(25_000), held).catch((error: unknown) => error);
    expect(handed).toBeInstanceOf(HandedBack);
    expect(handed).toMatchObject({ doneTo: '19999' });
    expect(repository.rows).toHaveLength(20_000);
    expect(held.beats()).toBe(2);
  });

  it.each([1, 2, 7, 64])('finds the one refused row among %i', async (count) => {
    const { ingest, repository } = setUp(({ rows }) =>
      rows.some((row) => row.eventId === 'e0') ? refused : undefined,
    );
    await ingest.handle(batch(count), control());
    expect(repository.rows).toHaveLength(count - 1);
    expect(repository.letters).toMatchObject([{ reason: 'rejected_by_database', record: { offset: '0' } }]);
  });

  it('does not say of the database what our own code does', async () => {
    const { ingest, repository } = setUp(({ rows }) => (rows.length > 0 ? new TypeError('x is undefined') : undefined));
    await ingest.handle(batch(1), control());
    expect(repository.letters).toMatchObject([
      { reason: 'not_an_event', detail: 'It cannot be stored: x is undefined.' },
    ]);
  });

  it('keeps less of a dead letter that is refused, and its place in any case', async () => {
    const { ingest, repository } = setUp(({ rows, letters }) =>
      rows.length > 0 || letters.some(({ omitted }) => omitted?.includes('value') !== true) ? refused : undefined,
    );
    await ingest.handle(batch(3), control());
    expect(repository.letters).toMatchObject(
      ['0', '1', '2'].map((offset) => ({ record: { offset }, omitted: ['key', 'headers', 'value'] })),
    );
    expect(repository.letters[0]?.detail).toContain('invalid byte sequence');
  });

  it('keeps the other dead letters whole', async () => {
    const { ingest, repository } = setUp(({ rows, letters }) =>
      rows.length > 0 || letters.some(({ record, omitted }) => record.offset === '1' && omitted === undefined)
        ? refused
        : undefined,
    );
    await ingest.handle(batch(3), control());
    const omitted = new Map(repository.letters.map((letter) => [letter.record.offset, letter.omitted]));
    expect(omitted).toEqual(
      new Map([
        ['0', undefined],
        ['1', ['key', 'headers']],
        ['2', undefined],
      ]),
    );
  });

  it('throws what the database says of a letter that has nothing but its place, so that nothing is acknowledged', async () => {
    const { ingest } = setUp(() => refused);
    await expect(ingest.handle(batch(1), control())).rejects.toBe(refused);
  });
});
