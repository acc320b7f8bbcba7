import type { IncomingRecord } from '@tidings/transport';

/**
 * What is handled at once: more than an ordinary fetch has, so that this bounds only what a compressed one unpacks to. A
 * transaction then takes seconds at most, and each that is done is progress.
 */
const MAX_RECORDS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Divides a batch into consecutive portions of bounded number and size, each of at least one record. */
export function* portionsOf(records: readonly IncomingRecord[]): Generator<readonly IncomingRecord[]> {
  let start = 0;
  let bytes = 0;
  for (let at = 0; at < records.length; at += 1) {
    const size = (records[at]?.value?.length ?? 0) + (records[at]?.key?.length ?? 0);
    if (at > start && (at - start >= MAX_RECORDS || bytes + size > MAX_BYTES)) {
      yield records.slice(start, at);
      start = at;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < records.length) yield start === 0 ? records : records.slice(start);
}
