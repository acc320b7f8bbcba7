import { setTimeout as delay } from 'node:timers/promises';
import { type OutgoingRecord, type RecordPublisher, TransportError } from '@tidings/transport';
import { beginningOf } from '../body/text-splitter.js';
import type { EventStatus, Kept } from '../intake/reading.js';
import { BackOff } from './back-off.js';
import { messageOf } from './connector-failure.js';
import type { ConnectorJournal } from './connector-journal.js';

export const FLOW = {
  /** One request to Kafka. */
  chunkRecords: 4_000,
  chunkBytes: 1_024 * 1_024,
  /** What may wait; the peer has to be told to wait beyond it. */
  waitingRecords: 10_000,
  waitingBytes: 8 * 1_024 * 1_024,
  /** At the end, for what is on its way, milliseconds. */
  closing: 4_000,
} as const;

interface Item {
  record: OutgoingRecord;
  /** Undefined: told by ourselves. */
  kept: Kept | undefined;
  /** The native event, or the beginning of one that is too large. */
  readonly native?: Buffer;
  /** Milliseconds. */
  readonly arrivedAt: number;
  readonly bytes: number;
}

export interface NativeFlowOptions {
  readonly publisher: RecordPublisher;
  readonly deadlineMs: number;
  readonly maxEventBytes: number;
  readonly read: (text: Buffer) => Kept;
  /** Makes a dead letter of the beginning of what cannot be kept as a whole. */
  readonly putAside: (beginning: Buffer, problem: string) => Kept;
  readonly count: (system: string, status: EventStatus) => void;
  readonly journal: ConnectorJournal;
}

/**
 * Takes the native events of one connector to Kafka, in their order: a chunk at a time, and again and again until Kafka
 * has it. The journal is told how far everything that arrived is safe.
 */
export class NativeFlow {
  private items: Item[] = [];
  private bytes = 0;
  private inFlight = 0;
  private sending: Promise<void> | undefined;
  private readonly waiters = new Set<() => void>();
  private pushed = 0;
  private settled = 0;
  private readonly marks: { readonly behind: number; readonly at: number }[] = [];
  private readonly stopping = new AbortController();

  constructor(private readonly options: NativeFlowOptions) {}

  /** Is it time to let the peer wait? */
  get isFull(): boolean {
    return this.items.length + this.inFlight >= FLOW.waitingRecords || this.bytes >= FLOW.waitingBytes;
  }

  /** Has Kafka everything? */
  get isEmpty(): boolean {
    return this.items.length + this.inFlight === 0;
  }

  /** When what waits longest came, milliseconds; undefined: nothing waits. */
  get waitsSince(): number | undefined {
    return this.oldest;
  }
  private oldest: number | undefined;

  /** Takes one native event. @param text JSON @param arrivedAt milliseconds */
  push(text: Buffer, arrivedAt: number): void {
    const { maxEventBytes, read, putAside, journal } = this.options;
    const isTooLarge = text.length > maxEventBytes;
    const problem = `has ${text.length} bytes, and ${maxEventBytes} are allowed (TIDINGS_MAX_EVENT_BYTES)`;
    const native = isTooLarge ? beginningOf(text) : text;
    const kept = isTooLarge ? putAside(native, problem) : read(text);
    if (isTooLarge) journal.failed(`An event ${problem}; its beginning is kept as a dead letter`);
    this.add({ record: kept.record, kept, arrivedAt, bytes: native.length, native });
  }

  /** Takes an event of our own, behind everything that came before it. */
  pushOwn(record: OutgoingRecord, arrivedAt: number): void {
    this.add({ record, kept: undefined, arrivedAt, bytes: 0 });
  }

  /** Once Kafka has everything that came until now, nothing is missing up to then. @param at milliseconds */
  mark(at: number): void {
    if (this.settled === this.pushed) this.options.journal.covered(at);
    else this.marks.push({ behind: this.pushed, at });
  }

  /** Resolves when there is room, or the flow is stopped. */
  async whenRoom(): Promise<void> {
    await this.when(() => !this.isFull);
  }

  /** Resolves when Kafka has everything. @throws the signal's reason, or that the flow is stopped */
  async whenEmpty(signal: AbortSignal): Promise<void> {
    await this.when(() => this.isEmpty || signal.aborted, signal);
    signal.throwIfAborted();
    if (!this.isEmpty) throw new TransportError('CLOSED');
  }

  /** Gives what is on its way a moment, and drops what is left: nobody was told that it is safe. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLOW.closing)));
    await Promise.race([this.sending, late]);
    clearTimeout(timer);
    this.stopping.abort();
    this.wake();
  }

  private add(item: Item): void {
    if (this.stopping.signal.aborted) return;
    this.items.push(item);
    this.pushed += 1;
    this.bytes += item.bytes;
    this.oldest ??= item.arrivedAt;
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
  }

  private async sendAll(): Promise<void> {
    // What arrives together goes together.
    await Promise.resolve();
    while (this.items.length > 0 && !this.stopping.signal.aborted) {
      const chunk = this.nextChunk();
      this.inFlight = chunk.length;
      const refused = await this.publishOrPutAside(chunk);
      this.inFlight = 0;
      if (refused === undefined) return;
      this.settle(chunk, refused);
      this.wake();
    }
  }

  private nextChunk(): readonly Item[] {
    let bytes = 0;
    const end = this.items.findIndex((item, index) => {
      bytes += item.bytes;
      return index > 0 && (index >= FLOW.chunkRecords || bytes > FLOW.chunkBytes);
    });
    return this.items.splice(0, end === -1 ? this.items.length : end);
  }

  /** What Kafka refuses is kept as a dead letter. @returns as {@link publish} */
  private async publishOrPutAside(chunk: readonly Item[]): Promise<ReadonlySet<number> | undefined> {
    const refused = await this.publish(chunk);
    if (refused === undefined || refused.size === 0) return refused;
    const lost = new Set<number>();
    for (const index of refused) {
      const item = chunk[index];
      if (item?.native === undefined) continue;
      const aside = this.options.putAside(beginningOf(item.native), 'was refused by Kafka for its size or shape');
      Object.assign(item, { record: aside.record, kept: aside });
      this.options.journal.failed('Kafka refuses an event for its size or shape; it is kept as a dead letter');
      const again = await this.publish([item]);
      if (again === undefined) return undefined;
      if (again.size > 0) lost.add(index);
    }
    return lost;
  }

  /** @returns the places of those that Kafka will not have; undefined: it was stopped */
  private async publish(chunk: readonly Item[]): Promise<ReadonlySet<number> | undefined> {
    const { publisher, deadlineMs, journal } = this.options;
    const backOff = new BackOff();
    const records = chunk.map(({ record }) => record);
    for (;;) {
      try {
        await publisher.publish(records, { deadlineMs });
        return new Set();
      } catch (error) {
        const code = error instanceof TransportError ? error.code : undefined;
        if (error instanceof TransportError && code === 'TOO_LARGE') return new Set(error.records);
        if (code === 'INVALID_RECORD') return this.publishSingly(chunk);
        if (this.stopping.signal.aborted) return undefined;
        journal.failed(`Kafka does not take what came: ${messageOf(error)}`);
      }
      await delay(backOff.pause(), undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** One of them cannot be sent at all: it must not hold up the others. */
  private async publishSingly(chunk: readonly Item[]): Promise<ReadonlySet<number> | undefined> {
    if (chunk.length === 1) return new Set([0]);
    const refused = new Set<number>();
    for (const [index, item] of chunk.entries()) {
      const alone = await this.publish([item]);
      if (alone === undefined) return undefined;
      if (alone.size > 0) refused.add(index);
    }
    return refused;
  }

  private settle(chunk: readonly Item[], refused: ReadonlySet<number>): void {
    const { journal, count } = this.options;
    let taken = 0;
    let last: Item | undefined;
    for (const [index, item] of chunk.entries()) {
      this.bytes -= item.bytes;
      last = item;
      if (item.kept === undefined) continue;
      count(item.kept.system, refused.has(index) ? 'rejected' : item.kept.status);
      if (!refused.has(index)) taken += 1;
    }
    if (refused.size > 0) journal.refused(refused.size, 'Kafka refuses events of that size or shape');
    if (last === undefined) return;
    if (taken > 0) journal.took(taken, new Date(last.arrivedAt), last.kept?.event?.time);
    this.oldest = this.items[0]?.arrivedAt;
    this.settled += chunk.length;
    for (let [mark] = this.marks; mark !== undefined && mark.behind <= this.settled; [mark] = this.marks) {
      journal.covered(mark.at);
      this.marks.shift();
    }
  }

  private async when(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!condition() && !this.stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiters.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.waiters.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }
}
