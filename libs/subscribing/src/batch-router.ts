import {
  JudgedEvent,
  type BatchControl,
  type IncomingRecord,
  type RecordBatch,
  type RecordJudge,
} from '@tidings/transport';
import { BatchInHand } from './batch-in-hand.js';
import type { DeadLetterMarks } from './dead-letter.js';
import { EntityLanes } from './entity-lanes.js';
import { EventHandfuls } from './event-handfuls.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { ArrivedEvent } from './subscribed-event.js';
import { UnfinishedBatches } from './unfinished-batches.js';

export interface BatchRouterOptions {
  readonly judge: RecordJudge;
  readonly handlers: readonly HandlerWork[];
  readonly failed: FailedHandling;
  /** How many entities of a partition a handler is called for at once. */
  readonly entitiesAtOnce: number;
  /** Whether data has to fit the type before a handler sees it. */
  readonly checksPayloads: boolean;
}

/** Brings each event of a batch to the handlers that take its type. */
export class BatchRouter {
  private readonly routes = new Map<string, HandlerWork[]>();
  private readonly unfinished = new UnfinishedBatches();
  private readonly counts = { read: 0, unread: 0, unreadable: 0 };

  constructor(private readonly options: BatchRouterOptions) {
    for (const handler of options.handlers) {
      for (const type of handler.types) this.routes.set(type, [...(this.routes.get(type) ?? []), handler]);
    }
  }

  /** Messages since the start; of them those that no handler takes, and those that are no event. */
  totals(): Readonly<BatchRouter['counts']> {
    return this.counts;
  }

  /**
   * Resolves when every handler is done with every event that it takes.
   * @param again where the messages are dead letters, what each says of itself: only the handler that failed is called,
   *   and what nobody can take stays a dead letter
   * @returns how many messages nobody can take
   * @throws {HandedBack} when the batch was taken away before that, or events of it wait for another attempt
   */
  async handle(
    batch: RecordBatch,
    control: BatchControl,
    again?: (record: IncomingRecord) => DeadLetterMarks,
  ): Promise<number> {
    // Those of the dead letters are handed over while somebody waits for it.
    const inHand = new BatchInHand(batch, control, again === undefined ? this.unfinished : undefined);
    const { failed, entitiesAtOnce } = this.options;
    const untaken = this.divide(batch, inHand, again);
    if (again !== undefined) await failed.putBack(untaken);
    await Promise.all(
      [...inHand.arrivals()].map(([handler, arrivals]) =>
        handler.size === undefined
          ? new EntityLanes(handler, inHand, failed, entitiesAtOnce).run(arrivals)
          : new EventHandfuls(handler, inHand, failed).run(arrivals),
      ),
    );
    inHand.finish();
    return untaken.length;
  }

  /** Whether an event waits for its next attempt. */
  isWaiting(): boolean {
    return this.options.failed.isWaiting() || this.unfinished.areWaiting();
  }

  /** @returns of dead letters those that no handler takes, and those that are no event */
  private divide(
    { kafkaTopic, records }: RecordBatch,
    inHand: BatchInHand,
    again: ((record: IncomingRecord) => DeadLetterMarks) | undefined,
  ): readonly IncomingRecord[] {
    const untaken: IncomingRecord[] = [];
    for (let place = 0; place < records.length; place += 1) {
      const record = records[place];
      if (record === undefined) continue;
      const wasRead = inHand.wasRead(record);
      const marks = again?.(record);
      if (!wasRead) this.counts.read += 1;
      const handlers = this.handlersOf(record, marks?.handler);
      if (handlers.length === 0) {
        if (!wasRead) this.counts.unread += 1;
        if (again !== undefined) untaken.push(record);
        continue;
      }
      if (wasRead && !handlers.some((handler) => inHand.isUndone(handler, record))) continue;
      const event = this.eventOf(record, marks?.kafkaTopic ?? kafkaTopic);
      if (again !== undefined && !handlers.some(({ types }) => event !== undefined && types.has(event.type))) {
        untaken.push(record);
      }
      if (event === undefined) continue;
      for (const handler of handlers) {
        if (!handler.types.has(event.type) || (wasRead && !inHand.isUndone(handler, record))) continue;
        inHand.add(handler, event, record, place);
      }
    }
    return untaken;
  }

  /** Reads no more of a message than its type, where that is a header. */
  private handlersOf({ headers }: IncomingRecord, only: string | undefined): readonly HandlerWork[] {
    const type = headers['ce_type'];
    const handlers = type === undefined ? this.options.handlers : (this.routes.get(String(type)) ?? []);
    return only === undefined ? handlers : handlers.filter(({ name }) => name === only);
  }

  private eventOf(record: IncomingRecord, kafkaTopic: string): ArrivedEvent | undefined {
    const judged = this.options.judge.judge(record, kafkaTopic);
    // A native event of a type that another system declared is kept, but nothing is known of its data.
    if (judged instanceof JudgedEvent && judged.declared !== undefined) {
      return new ArrivedEvent(judged, this.options.checksPayloads);
    }
    // What is no event is put aside by the ingest, once, and not again by everybody who reads.
    this.counts.unreadable += 1;
    return undefined;
  }
}
