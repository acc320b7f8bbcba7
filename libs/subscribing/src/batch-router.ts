import type { Catalogue } from '@tidings/catalogue';
import { decodeRecord, type BatchControl, type IncomingRecord, type RecordBatch } from '@tidings/transport';
import { BatchInHand } from './batch-in-hand.js';
import { EntityLanes } from './entity-lanes.js';
import { EventHandfuls } from './event-handfuls.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { ArrivedEvent } from './subscribed-event.js';
import { UnfinishedBatches } from './unfinished-batches.js';

export interface BatchRouterOptions {
  readonly catalogue: Catalogue;
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
   * @param only the name of the one handler to call, by the message; undefined calls all that take the event
   * @throws {HandedBack} when the batch was taken away before that, or events of it wait for another attempt
   */
  async handle(
    batch: RecordBatch,
    control: BatchControl,
    only?: (record: IncomingRecord) => string | undefined,
  ): Promise<void> {
    // Those of the dead letters are handed over while somebody waits for it.
    const inHand = new BatchInHand(batch, control, only === undefined ? this.unfinished : undefined);
    this.divide(batch, inHand, only);
    const { failed, entitiesAtOnce } = this.options;
    await Promise.all(
      [...inHand.arrivals()].map(([handler, arrivals]) =>
        handler.size === undefined
          ? new EntityLanes(handler, inHand, failed, entitiesAtOnce).run(arrivals)
          : new EventHandfuls(handler, inHand, failed).run(arrivals),
      ),
    );
    inHand.finish();
  }

  /** Whether an event waits for its next attempt. */
  isWaiting(): boolean {
    return this.options.failed.isWaiting() || this.unfinished.areWaiting();
  }

  private divide(
    { records }: RecordBatch,
    inHand: BatchInHand,
    only: ((record: IncomingRecord) => string | undefined) | undefined,
  ): void {
    for (let place = 0; place < records.length; place += 1) {
      const record = records[place];
      if (record === undefined) continue;
      const wasRead = inHand.wasRead(record);
      if (!wasRead) this.counts.read += 1;
      const handlers = this.handlersOf(record, only?.(record));
      if (handlers.length === 0) {
        if (!wasRead) this.counts.unread += 1;
        continue;
      }
      if (wasRead && !handlers.some((handler) => inHand.isUndone(handler, record))) continue;
      const event = this.eventOf(record);
      if (event === undefined) continue;
      for (const handler of handlers) {
        if (!handler.types.has(event.type) || (wasRead && !inHand.isUndone(handler, record))) continue;
        inHand.add(handler, event, record, place);
      }
    }
  }

  /** Reads no more of a message than its type, where that is a header. */
  private handlersOf({ headers }: IncomingRecord, only: string | undefined): readonly HandlerWork[] {
    const type = headers['ce_type'];
    const handlers = type === undefined ? this.options.handlers : (this.routes.get(String(type)) ?? []);
    return only === undefined ? handlers : handlers.filter(({ name }) => name === only);
  }

  private eventOf(record: IncomingRecord): ArrivedEvent | undefined {
    const decoded = decodeRecord(record);
    if (decoded.kind === 'event') {
      const declared = this.options.checksPayloads ? this.options.catalogue.type(decoded.event.type) : undefined;
      return new ArrivedEvent(decoded.event, decoded.data, declared);
    }
    // What is no event is put aside by the ingest, once, and not again by everybody who reads.
    this.counts.unreadable += 1;
    return undefined;
  }
}
