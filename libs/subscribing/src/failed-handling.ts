import { setTimeout as delay } from 'node:timers/promises';
import type { RecordPublisher, TransportLog } from '@tidings/transport';
import type { Arrival, BatchInHand } from './batch-in-hand.js';
import { deadLetterRecord, marksOfDeadLetter } from './dead-letter.js';
import type { HandlerWork } from './handler-work.js';

/** How often a pause looks whether it has become pointless, milliseconds. */
const LOOK_EVERY_MS = 100;
/** How long to wait for a broker that does not take a dead letter, milliseconds. */
const DEAD_LETTER_PAUSE_MS = 1_000;

export interface FailedHandlingOptions {
  readonly publisher: RecordPublisher;
  /** With the prefix. */
  readonly deadLetterTopic: string;
  readonly log: TransportLog;
}

/** What all handlers do after a failure: wait, or put an event aside. It also knows how many wait at present. */
export class FailedHandling {
  private waiting = 0;
  private prepare: (() => Promise<void>) | undefined;

  constructor(private readonly options: FailedHandlingOptions) {}

  /** @param prepare what the first dead letter has to wait for; tried until it succeeds */
  beforeFirst(prepare: () => Promise<void>): void {
    this.prepare = prepare;
  }

  /** Standing still is then no fault. */
  isWaiting(): boolean {
    return this.waiting > 0;
  }

  /** @returns false when it became pointless to wait: the batch is somebody else's now */
  async pause(milliseconds: number, batch: BatchInHand): Promise<boolean> {
    this.waiting += 1;
    try {
      const end = performance.now() + milliseconds;
      for (let left = milliseconds; left > 0; left = end - performance.now()) {
        if (batch.isStale()) return false;
        await delay(Math.min(left, LOOK_EVERY_MS));
      }
      batch.tell();
      return !batch.isStale();
    } finally {
      this.waiting -= 1;
    }
  }

  /** Says that an attempt failed and another follows. */
  report(handler: HandlerWork, { event }: Arrival, error: unknown, attempt: number, afterMs: number): void {
    this.options.log('warn', 'a handler failed and will be called again', {
      ...{ handler: handler.name, id: event.id, source: event.source, type: event.type },
      ...{ attempt, afterMs, error: messageOf(error) },
    });
  }

  /**
   * Puts an event aside; it is done only when the broker has it.
   * @returns false when the batch was taken away before that
   */
  async bury(handler: HandlerWork, arrival: Arrival, error: unknown, attempts: number, batch: BatchInHand) {
    const { event, record } = arrival;
    // One that failed again keeps the place that it first came from.
    const before = marksOfDeadLetter(record);
    const { kafkaTopic, partition } = batch.batch;
    const place = before.handler === '' ? { kafkaTopic, partition, offset: record.offset } : before;
    const letter = deadLetterRecord(this.options.deadLetterTopic, record, {
      ...place,
      reason: messageOf(error),
      handler: handler.name,
      attempts: attempts + before.attempts,
      time: new Date().toISOString(),
    });
    this.options.log('error', 'a handler failed for good; the event is now a dead letter', {
      ...{ handler: handler.name, id: event.id, source: event.source, type: event.type },
      ...{ attempts, error: messageOf(error) },
    });
    for (;;) {
      try {
        await this.prepare?.();
        this.prepare = undefined;
        await this.options.publisher.publish([letter]);
        handler.counts.deadLetters += 1;
        batch.done(arrival);
        return true;
      } catch (failure) {
        this.options.log('warn', 'a dead letter could not be written; its partition waits', {
          ...{ kafkaTopic: this.options.deadLetterTopic, id: event.id, error: messageOf(failure) },
        });
      }
      if (!(await this.pause(DEAD_LETTER_PAUSE_MS, batch))) return false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
