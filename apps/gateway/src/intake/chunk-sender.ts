import { TransportError, type OutgoingRecord, type RecordPublisher } from '@tidings/transport';
import type { InFlightBudget } from './in-flight-budget.js';
import type { IntakeReport } from './intake-report.js';
import type { Kept } from './reading.js';

/** How a request's events are handed to Kafka. */
export const CHUNKING = {
  /** Enough to make a promise a chunk cheap, few enough that the answer does not wait for its last chunk alone. */
  records: 500,
  bytes: 512 * 1024,
  /** Of one request; the next chunk is gathered while these are on their way. */
  inFlight: 4,
  /** What a slow stream has sent does not wait longer than this for more, milliseconds. */
  lingerMs: 20,
} as const;

/** Roughly what headers and key take beside the value, bytes. */
const RECORD_OVERHEAD_BYTES = 400;

interface Item {
  readonly position: number;
  readonly kept: Kept;
}

export interface ChunkSenderOptions {
  readonly publisher: RecordPublisher;
  readonly budget: InFlightBudget;
  readonly report: IntakeReport;
  /** From the first wish to send a chunk to its acknowledgement, milliseconds. */
  readonly deadlineMs: number;
  /** For the answer to an event that the broker finds too large, bytes. */
  readonly maxEventBytes: number;
}

/** Sends one request's events in order, chunk by chunk, several of them at once, and tells the report what became of them. */
export class ChunkSender {
  private items: Item[] = [];
  private bytes = 0;
  private readonly inFlight = new Set<Promise<void>>();
  private failure: unknown;
  private linger: NodeJS.Timeout | undefined;

  constructor(private readonly options: ChunkSenderOptions) {}

  /** @param mayLinger whether the event may be sent before the body is known to be whole */
  add(position: number, kept: Kept, mayLinger: boolean): void {
    this.items.push({ position, kept });
    this.bytes += sizeOf(kept.record);
    if (mayLinger) this.lingerOn();
  }

  /** Is it time to make room before another event is added? */
  get isFull(): boolean {
    return this.items.length >= CHUNKING.records || this.bytes >= CHUNKING.bytes;
  }

  /** How much waits for its chunk to be full, bytes. */
  get gatheredBytes(): number {
    return this.bytes;
  }

  /** Has some chunk failed, so that going on is of no use? */
  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /**
   * Sends what was gathered as soon as there is room for it; it does not wait for the acknowledgement.
   * @throws what a chunk sent before has failed with, or TransportError QUEUE_FULL
   */
  async send(): Promise<void> {
    this.stopLingering();
    const deadline = Date.now() + this.options.deadlineMs;
    while (this.inFlight.size >= CHUNKING.inFlight && !this.hasFailed) await Promise.race(this.inFlight);
    if (this.hasFailed) throw this.failure;
    const { bytes } = this;
    if (this.items.length === 0) return;
    const granted = await this.options.budget.take(bytes, Math.max(0, deadline - Date.now()));
    if (!granted) throw new TransportError('QUEUE_FULL');
    this.dispatch(deadline);
  }

  /** Sends the rest and waits until everything is acknowledged. @throws as `send` */
  async finish(): Promise<void> {
    await this.send();
    await this.settle();
    if (this.hasFailed) throw this.failure;
  }

  /** Sends nothing more, and waits for what is on its way. Never throws. */
  async settle(): Promise<void> {
    this.stopLingering();
    await Promise.all(this.inFlight);
  }

  private lingerOn(): void {
    this.linger ??= setTimeout(() => {
      this.linger = undefined;
      this.sendEarly();
    }, CHUNKING.lingerMs);
  }

  private sendEarly(): void {
    if (this.items.length === 0 || this.hasFailed) return;
    if (this.inFlight.size < CHUNKING.inFlight && this.options.budget.tryTake(this.bytes)) {
      this.dispatch(Date.now() + this.options.deadlineMs);
    } else {
      this.lingerOn();
    }
  }

  private stopLingering(): void {
    clearTimeout(this.linger);
    this.linger = undefined;
  }

  private dispatch(deadline: number): void {
    const { items, bytes } = this;
    this.items = [];
    this.bytes = 0;
    const sending = this.publish(items, deadline)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => {
        this.inFlight.delete(sending);
        this.options.budget.give(bytes);
      });
    this.inFlight.add(sending);
  }

  private async publish(items: readonly Item[], deadline: number): Promise<void> {
    const { publisher, report, maxEventBytes } = this.options;
    const records = items.map((item) => item.kept.record);
    const refused = new Set<number>();
    try {
      await publisher.publish(records, { deadlineMs: Math.max(1, deadline - Date.now()) });
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'TOO_LARGE') throw error;
      for (const index of error.records) refused.add(index);
    }
    for (const [index, { position, kept }] of items.entries()) {
      if (!refused.has(index)) {
        report.acknowledge(kept);
        continue;
      }
      const problem = `is larger than Kafka takes, although smaller than ${maxEventBytes} bytes; send less`;
      report.refuse(position, kept, 'event_too_large', [{ field: '', problem }]);
    }
  }
}

function sizeOf({ value }: OutgoingRecord): number {
  const size = typeof value === 'string' ? value.length : (value?.length ?? 0);
  return size + RECORD_OVERHEAD_BYTES;
}
