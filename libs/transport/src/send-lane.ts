import { TransportError } from './errors.js';
import type { OutgoingRecord, RecordPlace } from './port.js';

/** What a broker that tells no place is taken to have said. */
const NO_PLACE: RecordPlace = { partition: -1, offset: '-1' };

/** One call of `publish`: settled once, when its last record is. */
export class PublishCall {
  private pending: number;
  private readonly places: RecordPlace[];
  private failure: TransportError | undefined;
  private readonly refused: number[] = [];
  settled = false;

  constructor(
    records: number,
    /** Told where the records lie, or what went wrong. */
    private readonly onSettled: (outcome: readonly RecordPlace[] | TransportError) => void,
  ) {
    this.pending = records;
    this.places = new Array<RecordPlace>(records).fill(NO_PLACE);
  }

  sent(index: number, place: RecordPlace | undefined): void {
    if (place !== undefined) this.places[index] = place;
    this.countDown();
  }

  /** The broker takes everything but this record. */
  refuse(index: number): void {
    this.refused.push(index);
    this.countDown();
  }

  fail(failure: TransportError): void {
    this.failure ??= failure;
    this.countDown();
  }

  /** The time is up: whatever becomes of the records, the caller is told now. */
  expire(failure: TransportError): void {
    this.settle(failure);
  }

  private countDown(): void {
    this.pending -= 1;
    if (this.pending > 0) return;
    if (this.failure === undefined && this.refused.length > 0) {
      const records = this.refused.sort((a, b) => a - b);
      this.failure = new TransportError('TOO_LARGE', { detail: `${records.length} of this call`, records });
    }
    this.settle(this.failure ?? this.places);
  }

  private settle(outcome: readonly RecordPlace[] | TransportError): void {
    if (this.settled) return;
    this.settled = true;
    this.onSettled(outcome);
  }
}

/** One record that waits to be sent. */
export interface SendEntry {
  readonly call: PublishCall;
  readonly index: number;
  readonly record: OutgoingRecord;
  readonly bytes: number;
  /** Sent, refused or failed: not to be sent again. */
  done: boolean;
}

/** What goes into one request for one kafkaTopic. */
export interface SendChunk {
  readonly lane: SendLane;
  readonly entries: readonly SendEntry[];
}

/** kafkajs groups a request's messages in quadratic time; beyond this many that shows. */
const MAX_RECORDS_PER_CHUNK = 2_000;
const MIN_CHUNK_BYTES = 16 * 1024;

/** The records of one kafkaTopic in the order of their calls. Nothing leaves it before it is done, so a retry keeps the order. */
export class SendLane {
  private entries: SendEntry[] = [];
  private head = 0;
  /** Not to be tried before this time, milliseconds since the epoch. */
  notBefore = 0;
  /** Since when this kafkaTopic has been failing, and why. */
  failingSince: number | undefined;
  lastFailure: TransportError | undefined;
  backOffMs = 0;

  constructor(
    readonly kafkaTopic: string,
    /** A produce request makes one record batch a partition; the topic's own limit applies to that. */
    private chunkBytes: number,
  ) {}

  push(entry: SendEntry): void {
    this.entries.push(entry);
  }

  /** Drops what is done or expired from the front. @returns how many bytes that freed */
  prune(): number {
    let freed = 0;
    for (let entry = this.entries[this.head]; entry !== undefined; entry = this.entries[this.head]) {
      if (!entry.done && !entry.call.settled) break;
      freed += entry.bytes;
      this.head += 1;
    }
    if (this.head === this.entries.length || this.head > 4_096) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
    return freed;
  }

  isEmpty(): boolean {
    return this.head === this.entries.length;
  }

  /** Does the next record need a request of its own, because a broker that refuses it refuses all that it shares with? */
  startsOversized(): boolean {
    const first = this.entries[this.head];
    return first !== undefined && first.bytes > this.chunkBytes;
  }

  /** The next records that fit into one request; they stay in the lane. */
  peek(): SendChunk | undefined {
    const entries: SendEntry[] = [];
    let bytes = 0;
    for (let at = this.head; at < this.entries.length && entries.length < MAX_RECORDS_PER_CHUNK; at += 1) {
      const entry = this.entries[at];
      if (entry === undefined || entry.done || entry.call.settled) continue;
      if (entries.length > 0 && bytes + entry.bytes > this.chunkBytes) break;
      entries.push(entry);
      bytes += entry.bytes;
    }
    return entries.length === 0 ? undefined : { lane: this, entries };
  }

  /** A topic whose own limit is below ours refused this many bytes together: make smaller requests from now on. */
  shrink(bytes: number): void {
    this.chunkBytes = Math.max(MIN_CHUNK_BYTES, Math.min(this.chunkBytes, Math.floor(bytes / 2)));
  }
}

export function bytesOfChunk(chunk: SendChunk): number {
  return chunk.entries.reduce((sum, entry) => sum + entry.bytes, 0);
}
