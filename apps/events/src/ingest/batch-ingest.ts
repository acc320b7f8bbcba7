import { setTimeout as delay } from 'node:timers/promises';
import { handlingOutcome, type BatchControl, type RecordBatch } from '@tidings/transport';
import type { DeadLetter } from './dead-letter.js';
import type { EventRepository, StoredBatch } from './event.repository.js';
import type { EventRow } from './event-row.js';
import type { IngestState } from './ingest-state.js';
import type { RecordReader } from './record-reader.js';
import { bodyOf, conflictLetter, isSameEvent } from './same-event.js';

/** Waits between attempts while the database is away, milliseconds; the last one repeats. */
const RETRY_DELAYS_MS = [100, 250, 500, 1_000, 2_000] as const;

/** Thrown when the partition was taken away while its batch waited; its new owner reads the batch again. */
export class StaleBatch extends Error {
  override readonly name = 'StaleBatch';
  readonly retriable = true;
}

/** A batch as it goes to the store: rows of distinct identities. */
interface Load {
  readonly rows: readonly EventRow[];
  readonly letters: readonly DeadLetter[];
}

/**
 * Takes batches of messages to the store. A batch is acknowledged when every message of it is a row, a known double or a
 * dead letter; while the database is away the batch waits here, and with it its partition, so that memory stays bounded.
 */
export class BatchIngest {
  constructor(
    private readonly reader: RecordReader,
    private readonly repository: EventRepository,
    private readonly state: IngestState,
  ) {}

  async handle(batch: RecordBatch, control: BatchControl): Promise<void> {
    const place = { kafkaTopic: batch.kafkaTopic, partition: batch.partition };
    const rows = new Map<string, EventRow>();
    const letters: DeadLetter[] = [];
    let doubled = 0;
    for (const record of batch.records) {
      const reading = this.reader.read(record, place);
      if ('letter' in reading) {
        letters.push(reading.letter);
        continue;
      }
      const { row } = reading;
      const first = rows.get(row.key);
      if (first === undefined) {
        rows.set(row.key, row);
      } else if (isSameEvent(bodyOf(row), bodyOf(first))) doubled += 1;
      else letters.push(conflictLetter(row, bodyOf(first)));
    }
    const stored = await this.store({ rows: [...rows.values()], letters }, control);
    this.state.stored({ stored: stored.stored, doubled: stored.doubled + doubled, letters: stored.letters });
  }

  private async store(load: Load, control: BatchControl): Promise<StoredBatch> {
    for (let attempt = 0; ; attempt += 1) {
      if (control.isStale()) throw new StaleBatch('the partition has been taken away');
      try {
        const stored = await this.repository.store(load.rows, load.letters, (row, copy) => {
          // Retention has dropped the first copy; that it was there is all that is known, and it must not come twice.
          if (copy.body === undefined) return undefined;
          const body = { id: copy.id, ...copy.body };
          return isSameEvent(bodyOf(row), body) ? undefined : conflictLetter(row, body);
        });
        this.state.databaseAnswered();
        return stored;
      } catch (error) {
        if (handlingOutcome(error) === 'dead-letter') return await this.divide(load, error, control);
        this.state.databaseFailed(error);
        await control.heartbeat();
        await delay(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]);
      }
    }
  }

  /** The database refuses something of the load: halve it until the one row stands alone, and put that aside. */
  private async divide({ rows, letters }: Load, error: unknown, control: BatchControl): Promise<StoredBatch> {
    await control.heartbeat();
    const [only] = rows;
    // Dead letters alone are never refused for what they hold; if they are, the fault is ours and must be seen.
    if (only === undefined) throw error;
    if (rows.length === 1) {
      return await this.store({ rows: [], letters: [...letters, rejectedLetter(only, error)] }, control);
    }
    const middle = rows.length >> 1;
    const first = await this.store({ rows: rows.slice(0, middle), letters }, control);
    const second = await this.store({ rows: rows.slice(middle), letters: [] }, control);
    return {
      stored: first.stored + second.stored,
      doubled: first.doubled + second.doubled,
      letters: first.letters + second.letters,
    };
  }
}

function rejectedLetter(row: EventRow, error: unknown): DeadLetter {
  return {
    reason: 'rejected_by_database',
    detail: `The database refuses it: ${error instanceof Error ? error.message : String(error)}.`,
    problems: [],
    kafkaTopic: row.kafkaTopic,
    kafkaPartition: row.kafkaPartition,
    record: row.record,
  };
}
