import { setTimeout as delay } from 'node:timers/promises';
import {
  HandedBack,
  handlingOutcome,
  type BatchControl,
  type IncomingRecord,
  type RecordBatch,
} from '@tidings/transport';
import { portionsOf } from './batch-portions.js';
import type { DeadLetter } from './dead-letter.js';
import { EVENT_KEY_TAKEN, type EventRepository, type Load, type StoredBatch } from './event.repository.js';
import type { EventRow } from './event-row.js';
import type { IngestState } from './ingest-state.js';
import { plainerLetter } from './plainer-letter.js';
import type { RecordPlace, RecordReader } from './record-reader.js';
import { bodyOf, conflictLetter, isSameEvent } from './same-event.js';

/** Waits between attempts while the database is away, milliseconds; the last one repeats. */
const RETRY_DELAYS_MS = [100, 250, 500, 1_000, 2_000] as const;

/** A portion while it is stored. */
interface Work {
  readonly control: BatchControl;
  /** The offset up to which the batch is done. */
  readonly doneTo: string | undefined;
}

/**
 * Takes batches of messages to the store. A batch is acknowledged when every message of it is a row, a known duplicate or
 * a dead letter; while the database is away the batch waits here, and with it its partition, so that memory stays bounded.
 */
export class BatchIngest {
  constructor(
    private readonly reader: RecordReader,
    private readonly repository: EventRepository,
    private readonly state: IngestState,
    /** Called when there are new dead letters. */
    private readonly onLetters: () => void = () => undefined,
  ) {}

  /** @throws {HandedBack} when the partition was taken away meanwhile; its new owner reads the rest of the batch again */
  async handle(batch: RecordBatch, control: BatchControl): Promise<void> {
    const place = { kafkaTopic: batch.kafkaTopic, partition: batch.partition };
    let doneTo: string | undefined;
    for (const records of portionsOf(batch.records)) {
      const { load, doubled } = this.read(records, place);
      const stored = await this.store(load, { control, doneTo });
      this.state.stored({ ...stored, doubled: stored.doubled + doubled });
      if (stored.letters > 0) this.onLetters();
      doneTo = records.at(-1)?.offset;
    }
  }

  /** @returns rows of distinct identities, and how many copies of them were left out */
  private read(records: readonly IncomingRecord[], place: RecordPlace): { load: Load; doubled: number } {
    const rows = new Map<string, EventRow>();
    const letters: DeadLetter[] = [];
    let doubled = 0;
    for (const record of records) {
      const reading = this.reader.read(record, place);
      if ('letter' in reading) {
        letters.push(reading.letter);
        continue;
      }
      const { row } = reading;
      const first = rows.get(row.key);
      if (first === undefined) rows.set(row.key, row);
      else if (isSameEvent(bodyOf(row), bodyOf(first))) doubled += 1;
      else letters.push(conflictLetter(row, bodyOf(first)));
    }
    return { load: { rows: [...rows.values()], letters }, doubled };
  }

  private async store(load: Load, work: Work): Promise<StoredBatch> {
    let toStore = load;
    for (let attempt = 0; ; attempt += 1) {
      if (work.control.isStale()) throw new HandedBack(work.doneTo);
      try {
        const stored = await this.repository.store(toStore, (row, copy) => {
          // Retention has dropped the first copy; that it was there is all that is known, and it must not come twice.
          if (copy.body === undefined) return undefined;
          const body = { id: copy.id, ...copy.body };
          return isSameEvent(bodyOf(row), body) ? undefined : conflictLetter(row, body);
        });
        this.state.databaseAnswered();
        await work.control.heartbeat();
        return stored;
      } catch (error) {
        if (isKeyTaken(error) && toStore.seeksForgotten !== true) toStore = { ...load, seeksForgotten: true };
        else if (handlingOutcome(error) === 'dead-letter') return await this.divide(toStore, error, work);
        else {
          this.state.databaseFailed(error);
          await delay(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)]);
        }
      }
    }
  }

  /** Something of the load is refused: halve it until that stands alone. A row is put aside, a letter is kept with less. */
  private async divide(load: Load, error: unknown, work: Work): Promise<StoredBatch> {
    const { rows, letters } = load;
    const [row] = rows;
    const [letter] = letters;
    if (rows.length > 0 && letters.length > 0) {
      return await this.storeEach(
        [
          { ...load, letters: [] },
          { rows: [], letters },
        ],
        work,
      );
    }
    if (rows.length > 1) {
      const middle = rows.length >> 1;
      return await this.storeEach(
        [
          { ...load, rows: rows.slice(0, middle) },
          { ...load, rows: rows.slice(middle) },
        ],
        work,
      );
    }
    if (row !== undefined) return await this.store({ rows: [], letters: [refusedLetter(row, error)] }, work);
    if (letters.length > 1) {
      const middle = letters.length >> 1;
      return await this.storeEach(
        [
          { rows, letters: letters.slice(0, middle) },
          { rows, letters: letters.slice(middle) },
        ],
        work,
      );
    }
    const plainer = letter === undefined ? undefined : plainerLetter(letter, error);
    // Nothing from outside is left in the letter: the fault is ours, and must be seen.
    if (plainer === undefined) throw error;
    return await this.store({ rows: [], letters: [plainer] }, work);
  }

  private async storeEach(loads: readonly Load[], work: Work): Promise<StoredBatch> {
    const sum = { stored: 0, doubled: 0, letters: 0 };
    for (const load of loads) {
      const { stored, doubled, letters } = await this.store(load, work);
      sum.stored += stored;
      sum.doubled += doubled;
      sum.letters += letters;
    }
    return sum;
  }
}

function isKeyTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === EVENT_KEY_TAKEN;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

function refusedLetter(row: EventRow, error: unknown): DeadLetter {
  const what = error instanceof Error ? error.message : String(error);
  const isOfDatabase = error instanceof Error && 'code' in error && SQLSTATE.test(String(error.code));
  return {
    reason: isOfDatabase ? 'rejected_by_database' : 'not_an_event',
    detail: isOfDatabase ? `The database refuses it: ${what}.` : `It cannot be stored: ${what}.`,
    problems: [],
    kafkaTopic: row.kafkaTopic,
    kafkaPartition: row.kafkaPartition,
    record: row.record,
  };
}
