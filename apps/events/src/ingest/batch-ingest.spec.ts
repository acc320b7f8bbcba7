import { describe, expect, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import type { BatchControl, IncomingRecord, RecordBatch } from '@tidings/transport';
import { BatchIngest, StaleBatch } from './batch-ingest.js';
import type { DeadLetter } from './dead-letter.js';
import type { EventRepository } from './event.repository.js';
import type { EventRow } from './event-row.js';
import { IngestState } from './ingest-state.js';
import { RecordReader } from './record-reader.js';

const lost = Object.assign(new Error('connection terminated'), { code: 'ECONNRESET' });
const refused = Object.assign(new Error('invalid byte sequence'), { code: '22021' });

/** A store that fails as the test says. */
class FakeRepository implements Pick<EventRepository, 'store'> {
  readonly rows: string[] = [];
  readonly letters: DeadLetter[] = [];
  calls = 0;

  constructor(private readonly failure: (rows: readonly EventRow[], call: number) => Error | undefined) {}

  store(rows: readonly EventRow[], letters: readonly DeadLetter[]): ReturnType<EventRepository['store']> {
    this.calls += 1;
    const failure = this.failure(rows, this.calls);
    if (failure !== undefined) return Promise.reject(failure);
    this.rows.push(...rows.map((row) => row.eventId));
    this.letters.push(...letters);
    return Promise.resolve({ stored: rows.length, doubled: 0, letters: letters.length });
  }
}

function setUp(failure: (rows: readonly EventRow[], call: number) => Error | undefined) {
  const reports: string[] = [];
  const repository = new FakeRepository(failure);
  const state = new IngestState((message) => reports.push(message));
  const ingest = new BatchIngest(new RecordReader(catalogue, ''), repository as unknown as EventRepository, state);
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
    const { ingest, repository, state, reports } = setUp((_, call) => (call <= 3 ? lost : undefined));
    const held = control();
    const waits: (string | undefined)[] = [];
    await ingest.handle(batch(2), { ...held, heartbeat: () => (waits.push(state.waitsFor), held.heartbeat()) });
    expect(repository.rows).toEqual(['e0', 'e1']);
    expect(waits).toEqual(Array(3).fill('connection terminated'));
    expect(state.waitsFor).toBeUndefined();
    expect(reports).toHaveLength(2);
  });

  it('gives a batch up when its partition was taken away meanwhile', async () => {
    const { ingest, repository } = setUp(() => lost);
    await expect(
      ingest.handle(
        batch(1),
        control(() => repository.calls > 0),
      ),
    ).rejects.toBeInstanceOf(StaleBatch);
    expect(repository.calls).toBe(1);
  });

  it.each([1, 2, 7, 64])('finds the one refused row among %i', async (count) => {
    const { ingest, repository } = setUp((rows) => (rows.some((row) => row.eventId === 'e0') ? refused : undefined));
    await ingest.handle(batch(count), control());
    expect(repository.rows).toHaveLength(count - 1);
    expect(repository.letters).toMatchObject([{ reason: 'rejected_by_database', record: { offset: '0' } }]);
  });

  it('throws what the database says of dead letters alone, so that nothing is acknowledged', async () => {
    const { ingest } = setUp(() => refused);
    await expect(ingest.handle(batch(1), control())).rejects.toBe(refused);
  });
});
