import { TransportError } from './errors.js';
import type { HeaderValue, OutgoingRecord } from './port.js';

/** What the record format adds to keys, values and header names: lengths, offsets, attributes. */
const OVERHEAD_PER_RECORD = 24;
const OVERHEAD_PER_HEADER = 4;

/**
 * How many bytes, roughly, each record takes on its way, and whether it can be encoded at all. JavaScript callers, and headers
 * that were read from elsewhere, can hold what the types forbid; it must not spoil the batch that it would share.
 * @throws {TransportError} INVALID_RECORD with the indexes of those that cannot be encoded
 */
export function recordSizes(records: readonly OutgoingRecord[]): number[] {
  const sizes: number[] = new Array<number>(records.length);
  let unfit: number[] | undefined;
  for (const [index, record] of records.entries()) {
    const size = recordSize(record);
    sizes[index] = size;
    if (Number.isNaN(size)) (unfit ??= []).push(index);
  }
  if (unfit !== undefined) {
    throw new TransportError('INVALID_RECORD', {
      detail: 'key, value and headers must be strings or Buffers, and the kafkaTopic must be named',
      records: unfit,
    });
  }
  return sizes;
}

function recordSize(record: OutgoingRecord): number {
  if (typeof record.kafkaTopic !== 'string' || record.kafkaTopic === '') return Number.NaN;
  let size = OVERHEAD_PER_RECORD + optionalSize(record.key) + optionalSize(record.value);
  const { headers } = record;
  for (const name in headers) size += headerSize(name, headers[name]);
  return size;
}

function headerSize(name: string, value: HeaderValue | undefined): number {
  if (!Array.isArray(value)) return OVERHEAD_PER_HEADER + name.length + bytesOf(value);
  return (value as readonly unknown[]).reduce<number>(
    (sum, one) => sum + OVERHEAD_PER_HEADER + name.length + bytesOf(one),
    0,
  );
}

function optionalSize(value: unknown): number {
  return value === null ? 0 : bytesOf(value);
}

/** Counting the bytes of a short text costs more than it tells; none of them makes a record too large. */
const SHORT_TEXT = 256;

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length <= SHORT_TEXT ? value.length : Buffer.byteLength(value);
  return Buffer.isBuffer(value) ? value.length : Number.NaN;
}
