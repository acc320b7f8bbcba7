import { HandedBack, type BatchControl, type IncomingRecord, type RecordBatch } from '@tidings/transport';
import { Attempt } from './handling-context.js';
import type { HandlerWork } from './handler-work.js';
import type { PendingRetry } from './pending-retry.js';
import type { ArrivedEvent } from './subscribed-event.js';
import type { UnfinishedBatch, UnfinishedBatches } from './unfinished-batches.js';

/** An event for one handler, with the message that it came in. */
export interface Arrival {
  readonly event: ArrivedEvent;
  readonly record: IncomingRecord;
  /** Which message of the batch it is. */
  readonly place: number;
  /** How it stands, where the handler failed at it before. */
  pending: PendingRetry | undefined;
  isDone: boolean;
}

/** How often a handler that takes long has the watchdog told that something moves, milliseconds. */
const TELL_EVERY_MS = 1_000;
/**
 * How long a batch stays in hand for the sake of events that wait for another attempt, milliseconds. The consumer reads
 * no other partition of its member meanwhile.
 */
const WAITS_IN_HAND_MS = 250;
/** How long its partition then rests at most, milliseconds: what else comes to it is not to wait as long as that event. */
const RESTS_MS = 1_000;

/** A batch while handlers work on it: which of its events are done, and whether it is still ours. */
export class BatchInHand {
  private readonly work = new Map<HandlerWork, Arrival[]>();
  private readonly since = performance.now();
  private readonly before: UnfinishedBatch | undefined;
  private toldAt = 0;

  /** @param unfinished undefined: the batch is kept, however long its events wait */
  constructor(
    readonly batch: RecordBatch,
    private readonly control: BatchControl,
    private readonly unfinished: UnfinishedBatches | undefined,
  ) {
    this.before = unfinished?.take(batch);
  }

  /** Whether it was in this batch when that was handed back. */
  wasRead({ offset }: IncomingRecord): boolean {
    return this.before !== undefined && BigInt(offset) <= this.before.lastOffset;
  }

  /** Whether the handler was not done then with a message that was in it. */
  isUndone(handler: HandlerWork, { offset }: IncomingRecord): boolean {
    return this.before?.undone.get(handler)?.has(offset) === true;
  }

  /** One more event for a handler. */
  add(handler: HandlerWork, event: ArrivedEvent, record: IncomingRecord, place: number): void {
    const pending = this.before?.undone.get(handler)?.get(record.offset);
    const arrival = { event, record, place, pending, isDone: false };
    const arrivals = this.work.get(handler);
    if (arrivals === undefined) this.work.set(handler, [arrival]);
    else arrivals.push(arrival);
  }

  /** By handler, what it is to be called with. */
  arrivals(): ReadonlyMap<HandlerWork, readonly Arrival[]> {
    return this.work;
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

  /** Whether it may stay in hand until then; otherwise it is handed back, and comes again. */
  mayWaitUntil(time: number): boolean {
    return this.unfinished === undefined || time <= this.since + WAITS_IN_HAND_MS;
  }

  attempt({ record }: Arrival, number: number): Attempt {
    return new Attempt(this.batch.kafkaTopic, this.batch.partition, record.offset, number, this.control);
  }

  /** When the handlers have stopped. @throws {HandedBack} where they are not done with all of it */
  finish(): void {
    const { batch, unfinished } = this;
    const undone = new Map(
      [...this.work].map(([handler, arrivals]) => [handler, arrivals.filter((one) => !one.isDone)]),
    );
    const left = [...undone.values()].flat();
    if (left.length === 0) return;
    const place = left.reduce((least, arrival) => Math.min(least, arrival.place), batch.records.length);
    const doneTo = batch.records[place - 1]?.offset;
    const [first, last] = [batch.records[place], batch.records.at(-1)];
    if (unfinished === undefined || this.isStale() || first === undefined || last === undefined) {
      throw new HandedBack(doneTo);
    }
    const dueAt = Math.min(...left.flatMap(({ pending }) => (pending === undefined ? [] : [pending.dueAt])));
    unfinished.keep(batch, { first, ...this.standing(undone, BigInt(last.offset)), dueAt });
    throw new HandedBack(doneTo, Math.min(RESTS_MS, Math.max(0, dueAt - performance.now())));
  }

  /** How the events of this run stand; and where it read less than the run before, those behind them as they stood. */
  private standing(
    undone: ReadonlyMap<HandlerWork, readonly Arrival[]>,
    lastOffset: bigint,
  ): Pick<UnfinishedBatch, 'lastOffset' | 'undone'> {
    const standing = new Map<HandlerWork, Map<string, PendingRetry | undefined>>();
    for (const [handler, arrivals] of undone) {
      standing.set(handler, new Map(arrivals.map(({ record, pending }) => [record.offset, pending])));
    }
    const { before } = this;
    if (before === undefined || before.lastOffset <= lastOffset) return { lastOffset, undone: standing };
    for (const [handler, events] of before.undone) {
      const behind = [...events].filter(([offset]) => BigInt(offset) > lastOffset);
      standing.set(handler, new Map([...(standing.get(handler) ?? []), ...behind]));
    }
    return { lastOffset: before.lastOffset, undone: standing };
  }
}
