import { setImmediate as breathe } from 'node:timers/promises';
import { RECORD_LIMITS } from '@tidings/catalogue';
import { ByteReader } from './byte-reader.js';
import { RecordParser, unreadableRecord, type BatchContext, type FetchedRecord, type Room } from './record-parser.js';
import { CODECS, unpack } from './unpack.js';

/** A transaction that was given up: what its producer wrote from there on, until its marker, counts for nothing. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/** What a fetch brought of one partition. */
export interface PartitionBytes {
  readonly bytes: Buffer;
  /** The offset that was asked for. A batch is sent whole, though it may begin before. */
  readonly from: number;
  readonly aborted: readonly AbortedTransaction[];
}

interface RecordBatchBytes extends BatchContext {
  readonly codec: number;
  readonly isInTransaction: boolean;
  readonly producerId: bigint;
  readonly count: number;
  readonly records: Buffer;
}

/** First offset and length, which stand before every batch and every message of the older formats. */
const FRAME_BYTES = 12;
const MAGIC_AT = 16;
const CURRENT_MAGIC = 2;
const CODEC_MASK = 0x07;
const APPEND_TIME = 0x08;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;
/** The key of an aborted transaction's marker: version 0, type 0. */
const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);
const NO_TIMESTAMP = '-1';
/** After so long, whatever else the process does has its turn. */
const PORTION_MS = 50;

/**
 * Reads the records of one partition. Never throws: what cannot be read becomes a record that says why, at the last
 * offset that it concerns, so that whoever handles it goes on behind it. What is no record (markers, aborted
 * transactions, what compaction removed) ends with a marker, so that the position moves on, too.
 * @param maxRecordBytes a larger record, once unpacked, is put aside
 * @param room of the whole fetch
 */
export async function readBatches(
  { bytes, from, aborted }: PartitionBytes,
  maxRecordBytes: number,
  room: Room,
): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  const transactions = new AbortedTransactions(aborted);
  let at = 0;
  while (at + MAGIC_AT < bytes.length && room.records > 0) {
    const firstOffset = Number(bytes.readBigInt64BE(at));
    const end = at + FRAME_BYTES + bytes.readInt32BE(at + 8);
    // The end of what was sent may be cut off: it comes with the next fetch.
    if (end <= at + MAGIC_AT || end > bytes.length) break;
    const batch = batchOf(firstOffset, bytes.subarray(at, end));
    at = end;
    if ('offset' in batch) {
      if (Number(batch.offset) >= from) records.push(batch);
      continue;
    }
    const isHidden = transactions.hides(batch);
    if (batch.lastOffset < from) continue;
    if (isHidden) {
      records.push(mark(batch.lastOffset));
      continue;
    }
    if (batch.isPacked && (room.bytes <= 0 || room.unpacked <= 0)) break;
    const parser = new RecordParser(batch, from, maxRecordBytes, room, records);
    await parse(parser, batch, room);
    if (!parser.isDone) break;
    if (Number(records.at(-1)?.offset ?? -1) < batch.lastOffset) records.push(mark(batch.lastOffset));
    if (batch.isControl) transactions.end(batch.producerId, records.at(-1)?.key ?? null);
  }
  return records;
}

async function parse(parser: RecordParser, batch: RecordBatchBytes, room: Room): Promise<void> {
  try {
    if (batch.isPacked) await parsePacked(parser, batch, room);
    else parser.push(batch.records);
    if (!parser.isDone && !parser.isFull) throw new RangeError('it ends too early');
  } catch (error) {
    parser.putAsideRest(error instanceof Error ? error.message : String(error));
  }
}

async function parsePacked(
  parser: RecordParser,
  { codec: number, records }: RecordBatchBytes,
  room: Room,
): Promise<void> {
  const codec = CODECS[number];
  if (codec === undefined || codec === 'none') throw new RangeError(`compression ${number} is not known`);
  const { value: limit } = RECORD_LIMITS.batchBytes;
  let unpacked = 0;
  let breathedAt = performance.now();
  for await (const chunk of unpack(codec, records)) {
    unpacked += chunk.length;
    room.unpacked -= chunk.length;
    parser.push(chunk);
    if (parser.isDone || parser.isFull) return;
    if (unpacked > limit) throw new RangeError(`it unpacks to more than ${limit} bytes`);
    if (performance.now() - breathedAt < PORTION_MS) continue;
    await breathe();
    breathedAt = performance.now();
  }
}

function batchOf(firstOffset: number, bytes: Buffer): RecordBatchBytes | FetchedRecord {
  const magic = bytes.readInt8(MAGIC_AT);
  if (magic !== CURRENT_MAGIC) {
    const reason = `is in message format ${magic}; only format ${CURRENT_MAGIC} is read`;
    return unreadableRecord(firstOffset, NO_TIMESTAMP, reason);
  }
  try {
    const reader = new ByteReader(bytes);
    // Up to the attributes: the frame, the leader's epoch, the format, the checksum.
    reader.skip(MAGIC_AT + 1 + 4);
    const attributes = reader.int16();
    const lastOffset = firstOffset + reader.int32();
    const firstTimestamp = reader.int64();
    const maxTimestamp = reader.int64();
    const producerId = reader.int64();
    // The producer's epoch and its first sequence number.
    reader.skip(2 + 4);
    const codec = attributes & CODEC_MASK;
    return {
      firstOffset,
      lastOffset,
      firstTimestamp,
      appendTimestamp: (attributes & APPEND_TIME) === 0 ? undefined : String(maxTimestamp),
      isControl: (attributes & CONTROL) !== 0,
      isInTransaction: (attributes & IN_TRANSACTION) !== 0,
      producerId,
      codec,
      isPacked: codec !== 0,
      count: reader.int32(),
      records: bytes.subarray(reader.at),
    };
  } catch (error) {
    const reason = `is damaged: ${error instanceof Error ? error.message : String(error)}`;
    return unreadableRecord(firstOffset, NO_TIMESTAMP, reason);
  }
}

/** Moves the position, and nothing else. */
function mark(offset: number): FetchedRecord {
  return { offset: String(offset), timestamp: NO_TIMESTAMP, key: null, value: null, headers: {}, isMarker: true };
}

/** Which producers' records are part of a transaction that was given up, from offset to offset. */
class AbortedTransactions {
  private readonly coming: AbortedTransaction[];
  private readonly producers = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.coming = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  }

  hides({ lastOffset, isInTransaction, isControl, producerId }: RecordBatchBytes): boolean {
    for (let next = this.coming[0]; next !== undefined && next.firstOffset <= lastOffset; next = this.coming[0]) {
      this.producers.add(next.producerId);
      this.coming.shift();
    }
    return isInTransaction && !isControl && this.producers.has(producerId);
  }

  end(producerId: bigint, key: Buffer | null): void {
    if (key?.equals(ABORT_MARKER) === true) this.producers.delete(producerId);
  }
}
