import { TransportError, type TransportErrorCode } from './errors.js';
import type { OutgoingRecord, PublishOptions, RecordPlace, RecordPublisher } from './port.js';
import { recordSizes } from './record-size.js';
import { bytesOfChunk, PublishCall, SendLane, type SendChunk } from './send-lane.js';

/**
 * Whom a failed attempt concerns: `broker` everything (try again later), `topic` one kafkaTopic (try it again later, the
 * others go on), `topic-final` one kafkaTopic for good, `record` at least one record of the request.
 */
export type SendFailureScope = 'broker' | 'topic' | 'topic-final' | 'record';

export interface SendFailure {
  readonly scope: SendFailureScope;
  readonly code: TransportErrorCode;
  readonly cause: unknown;
}

/** What one request carries for one kafkaTopic. */
export interface TopicRecords {
  readonly kafkaTopic: string;
  readonly records: readonly OutgoingRecord[];
}

/** One attempt to send; what a driver provides. */
export interface RecordSender {
  /**
   * Resolves when all replicas in sync have everything. Must settle within bounded time.
   * @returns for each of the batches where its records lie
   */
  send(batches: readonly TopicRecords[]): Promise<readonly (readonly RecordPlace[])[]>;
  /** Says whom an error of `send` concerns. */
  failureOf(error: unknown): SendFailure;
  close(): Promise<void>;
}

export interface SendLimits {
  /** Bytes that may wait, altogether; beyond it `publish` rejects at once with QUEUE_FULL. */
  readonly queuedBytes: number;
  /** Bytes of one kafkaTopic in one request, unless a single record is larger. */
  readonly topicBytes: number;
  /** Bytes of one request. */
  readonly requestBytes: number;
  /** A larger record is refused without asking the broker. */
  readonly recordBytes: number;
}

export const DEFAULT_SEND_LIMITS: SendLimits = {
  queuedBytes: 48 * 1024 * 1024,
  topicBytes: 900_000,
  requestBytes: 8 * 1024 * 1024,
  recordBytes: 16 * 1024 * 1024,
};

const DEFAULT_DEADLINE_MS = 10_000;
const FIRST_BACK_OFF_MS = 50;
const MAX_BACK_OFF_MS = 1_000;
/** A kafkaTopic made a moment ago may not be known everywhere yet; after this long it does not exist. */
const UNKNOWN_TOPIC_PATIENCE_MS = 2_000;

/**
 * Sends records in the order of the calls, one request at a time: while one is on its way the others gather, then go
 * together. One request at a time, because two would let a retry of the first overtake the second.
 */
export class SendQueue implements RecordPublisher {
  private readonly lanes = new Map<string, SendLane>();
  private queuedBytes = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  private notBefore = 0;
  private backOffMs = 0;
  private lastFailure: SendFailure | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly sender: RecordSender,
    private readonly limits: SendLimits = DEFAULT_SEND_LIMITS,
  ) {}

  async publish(records: readonly OutgoingRecord[], options: PublishOptions = {}): Promise<readonly RecordPlace[]> {
    if (this.closed) throw new TransportError('CLOSED');
    if (records.length === 0) return [];
    const sizes = recordSizes(records);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (this.queuedBytes + bytes > this.limits.queuedBytes) this.prune();
    // A single large call is let in when nothing waits: otherwise it could never be sent.
    if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.limits.queuedBytes) {
      throw new TransportError('QUEUE_FULL', { detail: `${this.queuedBytes} bytes` });
    }
    return await new Promise<readonly RecordPlace[]>((resolve, reject) => {
      const call = new PublishCall(records.length, (outcome) => {
        clearTimeout(deadline);
        if (outcome instanceof TransportError) reject(outcome);
        else resolve(outcome);
      });
      const deadline = setTimeout(() => this.expire(call, records), options.deadlineMs ?? DEFAULT_DEADLINE_MS);
      this.enqueue(call, records, sizes);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    await this.sender.close();
  }

  private enqueue(call: PublishCall, records: readonly OutgoingRecord[], sizes: readonly number[]): void {
    for (const [index, record] of records.entries()) {
      const bytes = sizes[index] ?? 0;
      if (bytes > this.limits.recordBytes) {
        call.refuse(index);
        continue;
      }
      let lane = this.lanes.get(record.kafkaTopic);
      if (lane === undefined) {
        lane = new SendLane(record.kafkaTopic, this.limits.topicBytes);
        this.lanes.set(record.kafkaTopic, lane);
      }
      lane.push({ call, index, record, bytes, done: false });
      this.queuedBytes += bytes;
    }
    this.running ??= this.run();
    this.wake?.();
  }

  private expire(call: PublishCall, records: readonly OutgoingRecord[]): void {
    const failing = records.map((record) => this.lanes.get(record.kafkaTopic)?.lastFailure).find((error) => error);
    const cause = this.lastFailure?.cause;
    call.expire(failing ?? new TransportError('UNAVAILABLE', { detail: detailOf(cause), cause }));
    this.prune();
    this.wake?.();
  }

  private prune(): void {
    for (const lane of this.lanes.values()) this.queuedBytes -= lane.prune();
  }

  private async run(): Promise<void> {
    // Calls made in the same turn go together.
    await Promise.resolve();
    for (;;) {
      this.prune();
      const chunks = this.nextChunks();
      if (chunks.length > 0) {
        await this.send(chunks);
        continue;
      }
      const waitMs = this.waitMs();
      if (waitMs === undefined) {
        // In the same turn as the look into the lanes: what comes later must find that nobody runs.
        this.running = undefined;
        return;
      }
      await this.pause(waitMs);
    }
  }

  /** What the next request carries: of each kafkaTopic that may be tried now, as much as fits. */
  private nextChunks(): SendChunk[] {
    const now = Date.now();
    if (now < this.notBefore) return [];
    const chunks: SendChunk[] = [];
    let bytes = 0;
    for (const lane of [...this.lanes.values()]) {
      if (lane.isEmpty() || now < lane.notBefore) continue;
      if (lane.startsOversized() && chunks.length > 0) continue;
      const chunk = lane.peek();
      if (chunk === undefined) continue;
      const oversized = lane.startsOversized();
      chunks.push(chunk);
      bytes += bytesOfChunk(chunk);
      // To the end of the line, so that a busy kafkaTopic does not keep the others out of the request.
      this.lanes.delete(lane.kafkaTopic);
      this.lanes.set(lane.kafkaTopic, lane);
      if (oversized || bytes + this.limits.topicBytes > this.limits.requestBytes) break;
    }
    return chunks;
  }

  private waitMs(): number | undefined {
    const waiting = [...this.lanes.values()].filter((lane) => !lane.isEmpty());
    if (waiting.length === 0) return undefined;
    const soonest = Math.min(...waiting.map((lane) => lane.notBefore));
    return Math.max(1, Math.max(soonest, this.notBefore) - Date.now());
  }

  private async pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  private async send(chunks: readonly SendChunk[]): Promise<void> {
    const failure = await this.attempt(chunks);
    if (failure === undefined) return;
    const [only] = chunks;
    if (chunks.length === 1 && only !== undefined) {
      await this.settleFailure(only, failure);
      return;
    }
    // The error does not say which kafkaTopic it means: ask for each by itself, so that one does not hold up the rest.
    for (const chunk of chunks) {
      const own = await this.attempt([chunk]);
      if (own === undefined) continue;
      if (own.scope === 'broker') return;
      await this.settleFailure(chunk, own);
    }
  }

  /** @returns undefined when everything was acknowledged */
  private async attempt(chunks: readonly SendChunk[]): Promise<SendFailure | undefined> {
    let places: readonly (readonly RecordPlace[])[];
    try {
      places = await this.sender.send(
        chunks.map(({ lane, entries }) => ({
          kafkaTopic: lane.kafkaTopic,
          records: entries.map((entry) => entry.record),
        })),
      );
    } catch (error) {
      const failure = this.sender.failureOf(error);
      if (failure.scope === 'broker') {
        this.lastFailure = failure;
        this.backOffMs = nextBackOff(this.backOffMs);
        this.notBefore = Date.now() + this.backOffMs;
      }
      return failure;
    }
    this.lastFailure = undefined;
    this.backOffMs = 0;
    for (const [at, { lane, entries }] of chunks.entries()) {
      lane.failingSince = undefined;
      lane.lastFailure = undefined;
      lane.backOffMs = 0;
      const own = places[at];
      for (const [position, entry] of entries.entries()) {
        entry.done = true;
        entry.call.sent(entry.index, own?.[position]);
      }
    }
    return undefined;
  }

  /** @returns whether nothing of the chunk is left to be tried again, so that what follows may be sent */
  private async settleFailure(chunk: SendChunk, failure: SendFailure): Promise<boolean> {
    if (failure.scope === 'record') return this.divide(chunk, failure);
    if (failure.scope === 'broker') return false;
    const { lane } = chunk;
    const { kafkaTopic } = lane;
    const error = new TransportError(failure.code, {
      detail: kafkaTopic,
      kafkaTopics: [kafkaTopic],
      cause: failure.cause,
    });
    const now = Date.now();
    lane.failingSince ??= now;
    lane.lastFailure = error;
    const isGone = failure.code === 'UNKNOWN_TOPIC' && now - lane.failingSince >= UNKNOWN_TOPIC_PATIENCE_MS;
    if (failure.scope === 'topic-final' || isGone) {
      for (const entry of chunk.entries) {
        entry.done = true;
        entry.call.fail(error);
      }
      lane.failingSince = undefined;
      return true;
    }
    lane.backOffMs = nextBackOff(lane.backOffMs);
    lane.notBefore = now + lane.backOffMs;
    return false;
  }

  /** Finds the records to blame by halves; those before and after them are sent, in order. @returns as settleFailure */
  private async divide(chunk: SendChunk, failure: SendFailure): Promise<boolean> {
    const { lane, entries } = chunk;
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      only.done = true;
      if (failure.code === 'TOO_LARGE') only.call.refuse(only.index);
      else only.call.fail(new TransportError(failure.code, { records: [only.index], cause: failure.cause }));
      return true;
    }
    if (failure.code === 'TOO_LARGE') lane.shrink(bytesOfChunk(chunk));
    const middle = Math.ceil(entries.length / 2);
    for (const half of [entries.slice(0, middle), entries.slice(middle)]) {
      const part = { lane, entries: half };
      const own = await this.attempt([part]);
      if (own !== undefined && !(await this.settleFailure(part, own))) return false;
    }
    return true;
  }
}

function nextBackOff(previousMs: number): number {
  return previousMs === 0 ? FIRST_BACK_OFF_MS : Math.min(MAX_BACK_OFF_MS, previousMs * 2);
}

function detailOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}
