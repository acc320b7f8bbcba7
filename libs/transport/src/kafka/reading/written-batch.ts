import { gzipSync } from 'node:zlib';

/** A record as a test has it written. */
export interface WrittenRecord {
  readonly key?: string | Buffer | null;
  readonly value?: string | Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: string | Buffer | null])[];
  readonly timestampDelta?: number;
}

export interface WrittenBatch {
  readonly firstOffset?: number;
  /** Default: that of the last record. */
  readonly lastOffset?: number;
  readonly firstTimestamp?: bigint;
  /** The broker's stamp, instead of the producer's. */
  readonly appendTime?: bigint;
  readonly codec?: 'none' | 'gzip';
  /** Instead of the records: bytes that the test packed itself. */
  readonly packed?: Buffer;
  /** What the batch claims, whatever it is. */
  readonly codecNumber?: number;
  readonly count?: number;
  readonly isControl?: boolean;
  readonly isTransactional?: boolean;
  readonly producerId?: bigint;
}

/** A record batch as it lies on a broker's disk, for tests. Its checksum, which nobody reads, is left out. */
export function writtenBatch(records: readonly WrittenRecord[], batch: WrittenBatch = {}): Buffer {
  const { firstOffset = 0, firstTimestamp = 0n, appendTime, codec = 'none', producerId = -1n } = batch;
  const plain = Buffer.concat(records.map(recordBytes));
  const packed = batch.packed ?? (codec === 'gzip' ? gzipSync(plain) : plain);
  const attributes =
    (batch.codecNumber ?? Number(codec === 'gzip')) |
    (appendTime === undefined ? 0 : 0x08) |
    (batch.isTransactional === true ? 0x10 : 0) |
    (batch.isControl === true ? 0x20 : 0);
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(BigInt(firstOffset), 0);
  header.writeInt32BE(header.length - 12 + packed.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE((batch.lastOffset ?? firstOffset + records.length - 1) - firstOffset, 23);
  header.writeBigInt64BE(firstTimestamp, 27);
  header.writeBigInt64BE(appendTime ?? firstTimestamp, 35);
  header.writeBigInt64BE(producerId, 43);
  header.writeInt32BE(batch.count ?? records.length, 57);
  return Buffer.concat([header, packed]);
}

function recordBytes(
  { key = null, value = '', headers = [], timestampDelta = 0 }: WrittenRecord,
  index: number,
): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(index),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [sized(name), sized(text)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function sized(value: string | Buffer | null): Buffer {
  if (value === null) return varint(-1);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  let left = BigInt(value) >= 0n ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
  const bytes: number[] = [];
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}
