import type { IncomingRecord, RecordBatch } from '@tidings/transport';
import type { HandlerWork } from './handler-work.js';
import type { PendingRetry } from './pending-retry.js';

/** By offset: the events that a handler is not done with; those that failed before with how they stand. */
export type UndoneEvents = ReadonlyMap<string, PendingRetry | undefined>;

/** What is left of a batch that was handed back because events of it wait for their next attempt. */
export interface UnfinishedBatch {
  /** The first message that a handler is not done with: with it the partition is read again. */
  readonly first: IncomingRecord;
  /** Of the last message that was handed to handlers. */
  readonly lastOffset: bigint;
  readonly undone: ReadonlyMap<HandlerWork, UndoneEvents>;
  /** When the first of them is due, on the monotonic clock. */
  readonly dueAt: number;
}

/** How long after its time a partition may take to be read again before its waiting is no excuse any more. */
const GRACE_MS = 5_000;

/** What is left of handed-back batches, one a partition: no event is handed over twice because another one waits. */
export class UnfinishedBatches {
  private readonly kept = new Map<string, UnfinishedBatch>();

  /**
   * What is left of the batch that is read again now. Nothing where the partition is read from another place than it was
   * handed back at: another process had it meanwhile, or its kafkaTopic was made anew.
   */
  take(batch: RecordBatch): UnfinishedBatch | undefined {
    const key = keyOf(batch);
    const unfinished = this.kept.get(key);
    this.kept.delete(key);
    const [first] = batch.records;
    const isSame = first?.offset === unfinished?.first.offset && first?.timestamp === unfinished?.first.timestamp;
    return isSame ? unfinished : undefined;
  }

  keep(batch: RecordBatch, unfinished: UnfinishedBatch): void {
    this.kept.set(keyOf(batch), unfinished);
  }

  /** Whether a partition rests until the next attempt at one of its events. */
  areWaiting(): boolean {
    const now = performance.now();
    return [...this.kept.values()].some(({ dueAt }) => now < dueAt + GRACE_MS);
  }
}

function keyOf({ kafkaTopic, partition }: RecordBatch): string {
  return `${kafkaTopic}/${partition}`;
}
