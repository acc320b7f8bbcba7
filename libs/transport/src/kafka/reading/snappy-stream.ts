import { RECORD_LIMITS } from '@tidings/catalogue';
import { uncompress } from 'snappyjs';

/** Java's clients put their blocks into a stream that begins with these bytes; others write one bare block. */
const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const JAVA_HEADER_BYTES = 16;

/** Unpacks snappy as Kafka's producers write it. */
export function* snappyBlocks(packed: Buffer): Generator<Buffer> {
  if (!packed.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC)) {
    yield block(packed);
    return;
  }
  let at = JAVA_HEADER_BYTES;
  while (at < packed.length) {
    const length = packed.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > packed.length) throw new RangeError('a snappy block is cut off');
    yield block(packed.subarray(at, at + length));
    at += length;
  }
}

function block(packed: Buffer): Buffer {
  return uncompress(packed, RECORD_LIMITS.unpackedBlockBytes.value);
}
