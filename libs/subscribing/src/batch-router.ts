import type { Catalogue } from '@tidings/catalogue';
import { decodeRecord, HandedBack, type BatchControl, type IncomingRecord, type RecordBatch } from '@tidings/transport';
import { BatchInHand, type Arrival } from './batch-in-hand.js';
import { EntityLanes } from './entity-lanes.js';
import { EventHandfuls } from './event-handfuls.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { ArrivedEvent } from './subscribed-event.js';

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
   * @throws {HandedBack} when the batch was taken away before that
   */
  async handle(
    batch: RecordBatch,
    control: BatchControl,
    only?: (record: IncomingRecord) => string | undefined,
  ): Promise<void> {
    const inHand = new BatchInHand(batch, control);
    const work = this.divide(batch, inHand, only);
    const { failed, entitiesAtOnce } = this.options;
    await Promise.all(
      [...work].map(([handler, arrivals]) =>
        handler.size === undefined
          ? new EntityLanes(handler, inHand, failed, entitiesAtOnce).run(arrivals)
          : new EventHandfuls(handler, inHand, failed).run(arrivals),
      ),
    );
    const undone = inHand.firstPending();
    if (undone !== undefined) throw new HandedBack(batch.records[undone - 1]?.offset);
  }

  private divide(
    { records }: RecordBatch,
    inHand: BatchInHand,
    only: ((record: IncomingRecord) => string | undefined) | undefined,
  ): ReadonlyMap<HandlerWork, readonly Arrival[]> {
    const work = new Map<HandlerWork, Arrival[]>();
    for (let place = 0; place < records.length; place += 1) {
      const record = records[place];
      if (record === undefined) continue;
      const handlers = this.handlersOf(record, only?.(record));
      if (handlers.length === 0) continue;
      const event = this.eventOf(record);
      if (event === undefined) continue;
      for (const handler of handlers) {
        if (!handler.types.has(event.type)) continue;
        inHand.expect(place);
        const arrivals = work.get(handler);
        if (arrivals === undefined) work.set(handler, [{ event, record, place }]);
        else arrivals.push({ event, record, place });
      }
    }
    this.counts.read += records.length;
    return work;
  }

  /** Reads no more of a message than its type, where that is a header. */
  private handlersOf({ headers }: IncomingRecord, only: string | undefined): readonly HandlerWork[] {
    const type = headers['ce_type'];
    const handlers = type === undefined ? this.options.handlers : this.routes.get(String(type));
    const wanted = only === undefined ? handlers : handlers?.filter(({ name }) => name === only);
    if (wanted !== undefined && wanted.length > 0) return wanted;
    this.counts.unread += 1;
    return [];
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
