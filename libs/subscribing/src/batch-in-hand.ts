import type { BatchControl, IncomingRecord, RecordBatch } from '@tidings/transport';
import { Attempt } from './handling-context.js';
import type { ArrivedEvent } from './subscribed-event.js';

/** An event with the message that it came in. */
export interface Arrival {
  readonly event: ArrivedEvent;
  readonly record: IncomingRecord;
  /** Which message of the batch it is. */
  readonly place: number;
}

/** How often a handler that takes long has the watchdog told that something moves, milliseconds. */
const TELL_EVERY_MS = 1_000;

/** A batch while handlers work on it: which of its messages are done, and whether it is still ours. */
export class BatchInHand {
  /** By place: how many handlers are not done with it. */
  private readonly pending: Uint8Array;
  private toldAt = 0;

  constructor(
    readonly batch: RecordBatch,
    private readonly control: BatchControl,
  ) {
    this.pending = new Uint8Array(batch.records.length);
  }

  /** One more handler will be done with it. */
  expect(place: number): void {
    this.pending[place] = (this.pending[place] ?? 0) + 1;
  }

  /** A handler is done with it, one way or the other. */
  done({ place }: Arrival): void {
    this.pending[place] = (this.pending[place] ?? 1) - 1;
  }

  /** Says that something moves; at every event, so it is no more than a look at the clock. */
  tell(): void {
    const now = Date.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    void this.control.heartbeat();
  }

  isStale(): boolean {
    return this.control.isStale();
  }

  attempt({ record }: Arrival, number: number): Attempt {
    return new Attempt(this.batch.kafkaTopic, this.batch.partition, record.offset, number, this.control);
  }

  /** The place of the first message that somebody is not done with; undefined where all are. */
  firstPending(): number | undefined {
    const place = this.pending.findIndex((count) => count > 0);
    return place < 0 ? undefined : place;
  }
}
