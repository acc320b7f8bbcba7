import { setTimeout as delay } from 'node:timers/promises';
import {
  TransportError,
  type IncomingRecord,
  type OutgoingRecord,
  type RecordPublisher,
  type TransportLog,
} from '@tidings/transport';
import type { Arrival, BatchInHand } from './batch-in-hand.js';
import { bareDeadLetter, deadLetterRecord, marksOfDeadLetter, sameDeadLetter } from './dead-letter.js';
import type { HandlerWork } from './handler-work.js';
import { verdictOf } from './handling-verdict.js';
import type { PendingRetry } from './pending-retry.js';

/** How often a wait looks whether it has become pointless, milliseconds. */
const LOOK_EVERY_MS = 100;
/** How long to wait for a broker that does not take a dead letter, milliseconds. */
const DEAD_LETTER_PAUSE_MS = 1_000;
/** How long one attempt to write a dead letter may take, milliseconds: the partitions of its member wait for it. */
const DEAD_LETTER_DEADLINE_MS = 5_000;

export interface FailedHandlingOptions {
  readonly publisher: RecordPublisher;
  /** With the prefix. */
  readonly deadLetterTopic: string;
  /** Makes the kafkaTopic of the dead letters where it is missing. */
  readonly prepare: () => Promise<void>;
  readonly log: TransportLog;
}

/** What all handlers do after a failure: wait, or put an event aside. */
export class FailedHandling {
  private waiting = 0;
  private isPrepared = false;

  constructor(private readonly options: FailedHandlingOptions) {}

  /** The kafkaTopic of the dead letters is there. */
  prepared(): void {
    this.isPrepared = true;
  }

  /** Whether an event waits in hand: standing still is then no fault. */
  isWaiting(): boolean {
    return this.waiting > 0;
  }

  /**
   * Waits until the next attempt is due.
   * @param arrival the event, or the first of those handed over together
   * @returns false where that is too long for the batch to stay in hand (it comes again), or the batch has
   *   been taken away
   */
  async wait(arrival: Arrival, pending: PendingRetry, batch: BatchInHand): Promise<boolean> {
    arrival.pending = pending;
    if (batch.isStale() || pending.dueAt <= performance.now()) return !batch.isStale();
    if (!batch.mayWaitUntil(pending.dueAt)) return false;
    this.waiting += 1;
    try {
      for (let left = 1; left > 0; left = pending.dueAt - performance.now()) {
        if (batch.isStale()) return false;
        await delay(Math.min(left, LOOK_EVERY_MS));
      }
      batch.tell();
      return !batch.isStale();
    } finally {
      this.waiting -= 1;
    }
  }

  /**
   * Decides what follows a failed attempt.
   * @param arrivals those that were handed over together
   * @param before how they stood before it
   * @returns how they stand now; undefined where the handler has nothing to do with them
   */
  judge(
    handler: HandlerWork,
    arrivals: readonly Arrival[],
    error: unknown,
    before: PendingRetry,
    batch: BatchInHand,
  ): PendingRetry | undefined {
    const failures = before.failures + 1;
    const verdict = verdictOf(error, failures, before.holds, handler.retryAfterMs, Math.random());
    if (verdict.kind === 'done') {
      handler.counts.skipped += arrivals.length;
      for (const arrival of arrivals) arrival.isDone = true;
      return undefined;
    }
    handler.counts.failures += 1;
    const [first] = arrivals;
    if (verdict.kind === 'dead-letter' || first === undefined) {
      return { ...before, failures, holds: 0, dueAt: 0, reason: messageOf(error) };
    }
    const { afterMs } = verdict;
    this.options.log('warn', 'a handler failed and will be called again', {
      ...{ handler: handler.name, id: first.event.id, source: first.event.source, type: first.event.type },
      ...{ kafkaTopic: batch.batch.kafkaTopic, partition: batch.batch.partition, offset: first.record.offset },
      ...{ attempt: failures, afterMs, error: messageOf(error) },
    });
    const dueAt = performance.now() + afterMs;
    return verdict.kind === 'hold'
      ? { ...before, holds: before.holds + 1, dueAt }
      : { ...before, failures, holds: 0, dueAt };
  }

  /**
   * Puts an event aside; it is done only when the broker has it.
   * @param pending with the reason
   * @returns how it stands where the broker does not take it; undefined when it is done
   */
  async bury(
    handler: HandlerWork,
    arrival: Arrival,
    pending: PendingRetry,
    batch: BatchInHand,
  ): Promise<PendingRetry | undefined> {
    const { event } = arrival;
    const { deadLetterTopic, log } = this.options;
    const letter = this.letterOf(handler, arrival, pending, batch);
    try {
      await this.write(letter);
    } catch (failure) {
      log('warn', 'a dead letter could not be written; its entity waits', {
        ...{ kafkaTopic: deadLetterTopic, id: event.id, error: messageOf(failure) },
      });
      // It may have been deleted meanwhile.
      this.isPrepared = false;
      return { ...pending, dueAt: performance.now() + DEAD_LETTER_PAUSE_MS };
    }
    log('error', 'a handler failed for good; the event is now a dead letter', {
      ...{ handler: handler.name, id: event.id, source: event.source, type: event.type },
      ...{ attempts: pending.failures, error: pending.reason },
    });
    handler.counts.deadLetters += 1;
    arrival.isDone = true;
    return undefined;
  }

  /** Keeps dead letters that nobody can take, behind the others. @throws {TransportError} where the broker does not take them */
  async putBack(letters: readonly IncomingRecord[]): Promise<void> {
    if (letters.length === 0) return;
    const { publisher, deadLetterTopic } = this.options;
    const records = letters.map((letter) => sameDeadLetter(deadLetterTopic, letter));
    await publisher.publish(records, { deadlineMs: DEAD_LETTER_DEADLINE_MS });
  }

  private letterOf(
    handler: HandlerWork,
    { record }: Arrival,
    { failures, reason = '' }: PendingRetry,
    { batch }: BatchInHand,
  ): OutgoingRecord {
    const { deadLetterTopic } = this.options;
    // One that failed again keeps the place that it first came from.
    const before = batch.kafkaTopic === deadLetterTopic ? marksOfDeadLetter(record) : undefined;
    const { kafkaTopic, partition } = batch;
    return deadLetterRecord(deadLetterTopic, record, {
      ...(before ?? { kafkaTopic, partition, offset: record.offset }),
      reason,
      handler: handler.name,
      attempts: failures + (before?.attempts ?? 0),
      time: new Date().toISOString(),
    });
  }

  /** @throws {TransportError} where the broker does not take it at present */
  private async write(letter: OutgoingRecord): Promise<void> {
    const { publisher, prepare } = this.options;
    if (!this.isPrepared) await prepare();
    this.isPrepared = true;
    const options = { deadlineMs: DEAD_LETTER_DEADLINE_MS };
    try {
      await publisher.publish([letter], options);
    } catch (error) {
      const isRefused =
        error instanceof TransportError && (error.code === 'TOO_LARGE' || error.code === 'INVALID_RECORD');
      if (!isRefused) throw error;
      // Refused whenever it is tried. Its place tells where the message lies; better than a partition that stands still.
      await publisher.publish([bareDeadLetter(letter, error.message)], options);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
