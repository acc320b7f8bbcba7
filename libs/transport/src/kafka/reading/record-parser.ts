import { RECORD_LIMITS } from '@tidings/catalogue';
import type { IncomingRecord } from '../../port.js';
import { ByteReader } from './byte-reader.js';
import { HeaderReader } from './header-reader.js';

/** A record as kafkajs hands it on. */
export interface FetchedRecord extends IncomingRecord {
  /** Not for handlers: it only moves the position. */
  readonly isMarker: boolean;
}

/** What a record needs of the batch around it. */
export interface BatchContext {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly firstTimestamp: bigint;
  /** When the broker appended the batch, where that is what it stamps; instead of the records' own times. */
  readonly appendTimestamp: string | undefined;
  readonly isControl: boolean;
  /** Unpacked bytes are in memory besides those that were fetched. */
  readonly isPacked: boolean;
  /** How many records there are. */
  readonly count: number;
}

/** How much of a fetch may be handed on at once; is reduced while records are read. The rest is fetched again. */
export interface Room {
  /** Of records that were packed. */
  bytes: number;
  records: number;
  /** Bytes that are unpacked for it, those that are passed over included: unpacking takes time. */
  unpacked: number;
}

/** Attributes, a time of at most ten bytes, an offset of at most five. */
const HEAD_BYTES = 16;
const MAX_VARINT_BYTES = 5;
const NO_HEADERS: IncomingRecord['headers'] = {};

/**
 * Reads the records of one batch from pieces of its bytes. What is wrong with one of them is told of that one, whose
 * length says where the next begins; one that is too large is passed over without being put together.
 */
export class RecordParser {
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;
  /** With how many bytes there is something to do again. */
  private neededBytes = 0;
  private toSkip = 0;
  private readonly headers = new HeaderReader();
  private read = 0;
  private readonly firstTimestamp: string;
  /** Of the record before: many are of one millisecond. */
  private lastDelta = 0n;
  private lastTimestamp: string;

  constructor(
    private readonly context: BatchContext,
    private readonly from: number,
    private readonly maxRecordBytes: number,
    private readonly room: Room,
    private readonly records: FetchedRecord[],
  ) {
    this.firstTimestamp = String(context.firstTimestamp);
    this.lastTimestamp = this.firstTimestamp;
  }

  /** Has every record been read? */
  get isDone(): boolean {
    return this.read >= this.context.count;
  }

  get isFull(): boolean {
    return this.room.records <= 0 || (this.context.isPacked && this.room.bytes <= 0);
  }

  /** What is left of the batch cannot be read: one record stands for all of it. */
  putAsideRest(reason: string): void {
    const { firstOffset, lastOffset, count } = this.context;
    const from = Math.max(this.from, Number(this.records.at(-1)?.offset ?? -1) + 1, firstOffset);
    const place = from < lastOffset ? `offsets ${from} to ${lastOffset} of its batch are` : 'is';
    if (from <= lastOffset) {
      this.take(0, unreadableRecord(lastOffset, this.firstTimestamp, `${place} damaged: ${reason}`));
    }
    this.read = count;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.toSkip > 0) {
      const skipped = Math.min(this.toSkip, bytes.length);
      this.toSkip -= skipped;
      bytes = bytes.subarray(skipped);
    }
    if (this.pendingBytes > 0) {
      this.pending.push(bytes);
      this.pendingBytes += bytes.length;
      if (this.pendingBytes < this.neededBytes) return;
      bytes = Buffer.concat(this.pending.splice(0));
      this.pendingBytes = 0;
    }
    const rest = this.readRecords(bytes);
    if (rest.length === 0) return;
    this.pending.push(rest);
    this.pendingBytes = rest.length;
  }

  /** @returns what is left: the beginning of a record */
  private readRecords(bytes: Buffer): Buffer {
    const reader = new ByteReader(bytes);
    while (!this.isDone && !this.isFull) {
      const start = reader.at;
      const left = bytes.length - start;
      if (left < MAX_VARINT_BYTES && !hasVarint(bytes, start)) return this.keep(bytes, start, MAX_VARINT_BYTES);
      const length = reader.varint();
      if (length < 0) throw new RangeError(`a record's length is ${length}`);
      const available = bytes.length - reader.at;
      if (length > this.maxRecordBytes) {
        const prefix = reader.at - start;
        if (available < HEAD_BYTES) return this.keep(bytes, start, prefix + HEAD_BYTES);
        this.putAsideLarge(bytes.subarray(reader.at, reader.at + HEAD_BYTES), length);
        this.toSkip = Math.max(0, length - available);
        reader.at += Math.min(length, available);
      } else if (available < length) {
        return this.keep(bytes, start, reader.at - start + length);
      } else {
        const end = reader.at + length;
        this.readRecord(bytes, reader.at, end);
        reader.at = end;
      }
      this.read += 1;
    }
    return bytes.subarray(bytes.length);
  }

  private keep(bytes: Buffer, start: number, needed: number): Buffer {
    this.neededBytes = needed;
    return bytes.subarray(start);
  }

  private readRecord(bytes: Buffer, start: number, end: number): void {
    const reader = new ByteReader(bytes, start, end);
    let offset = this.context.firstOffset + this.read;
    let timestamp = this.firstTimestamp;
    try {
      reader.skip(1);
      timestamp = this.timestampOf(reader);
      offset = this.offsetOf(reader);
      if (offset < this.from) return;
      const key = reader.slice(reader.varint());
      const value = reader.slice(reader.varint());
      const headerCount = reader.varint();
      this.take(
        end - start,
        headerCount > RECORD_LIMITS.headers.value
          ? { ...unreadableRecord(offset, timestamp, tooManyHeaders(headerCount)), key, value }
          : {
              offset: String(offset),
              timestamp,
              key,
              value,
              headers: headerCount === 0 ? NO_HEADERS : this.headers.read(reader, headerCount),
              isMarker: this.context.isControl,
            },
      );
    } catch (error) {
      if (offset < this.from) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.take(end - start, unreadableRecord(offset, timestamp, `is damaged: ${reason}`));
    }
  }

  private putAsideLarge(head: Buffer, length: number): void {
    const reader = new ByteReader(head);
    reader.skip(1);
    const timestamp = this.timestampOf(reader);
    const offset = this.offsetOf(reader);
    if (offset < this.from) return;
    const reason = `is ${length} bytes long when unpacked; at most ${this.maxRecordBytes} are read`;
    this.take(0, unreadableRecord(offset, timestamp, reason));
  }

  private take(bytes: number, record: FetchedRecord): void {
    this.records.push(record);
    this.room.records -= 1;
    if (this.context.isPacked) this.room.bytes -= bytes;
  }

  private timestampOf(reader: ByteReader): string {
    const { appendTimestamp, firstTimestamp } = this.context;
    const delta = reader.varlong();
    if (appendTimestamp !== undefined) return appendTimestamp;
    if (delta !== this.lastDelta) {
      this.lastDelta = delta;
      this.lastTimestamp = String(firstTimestamp + delta);
    }
    return this.lastTimestamp;
  }

  private offsetOf(reader: ByteReader): number {
    return Math.min(this.context.lastOffset, this.context.firstOffset + reader.varint());
  }
}

/** Stands for what cannot be read, so that it is put aside with its place and its reason. */
export function unreadableRecord(offset: number, timestamp: string, reason: string): FetchedRecord {
  return {
    offset: String(offset),
    timestamp,
    key: null,
    value: null,
    headers: NO_HEADERS,
    isMarker: false,
    unreadable: reason,
  };
}

function hasVarint(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at += 1) if ((bytes[at] ?? 0) < 0x80) return true;
  return false;
}

function tooManyHeaders(count: number): string {
  return `has ${count} headers; at most ${RECORD_LIMITS.headers.value} are read`;
}

/** Nearly every batch has none. */
export function withoutMarkers(records: readonly FetchedRecord[]): readonly IncomingRecord[] {
  return records.some(({ isMarker }) => isMarker) ? records.filter(({ isMarker }) => !isMarker) : records;
}
