const MAGIC = 0x184d2204;
/** The lowest four bits of a skippable frame's magic number are the writer's own. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const UNPACKED = 0x8000_0000;
/** The largest size of a block, by its number in the frame's header. */
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };

interface FrameHeader {
  readonly hasBlockChecksum: boolean;
  readonly hasChecksum: boolean;
  readonly blockBytes: number;
  /** Where the first block begins. */
  readonly end: number;
}

/**
 * Unpacks lz4 frames block by block. The packages for JavaScript that read frames either take the sizes that a frame
 * claims on trust or write beyond them; a block here never becomes larger than the format allows. Kafka's brokers and
 * clients take no blocks that are linked to the ones before them, so neither do we.
 */
export function* lz4Blocks(packed: Buffer): Generator<Buffer> {
  let at = 0;
  while (at < packed.length) {
    if ((packed.readUInt32LE(at) & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + packed.readUInt32LE(at + 4);
      continue;
    }
    at = yield* frameBlocks(packed, at);
  }
}

/** @returns where the frame ends */
function* frameBlocks(packed: Buffer, from: number): Generator<Buffer, number> {
  const header = frameHeader(packed, from);
  let at = header.end;
  for (;;) {
    const word = packed.readUInt32LE(at);
    at += 4;
    if (word === 0) return at + (header.hasChecksum ? 4 : 0);
    const length = word >= UNPACKED ? word - UNPACKED : word;
    if (at + length > packed.length) throw new RangeError('an lz4 block is cut off');
    const bytes = packed.subarray(at, at + length);
    yield word >= UNPACKED ? bytes : unpackBlock(bytes, header.blockBytes);
    at += length + (header.hasBlockChecksum ? 4 : 0);
  }
}

function frameHeader(packed: Buffer, from: number): FrameHeader {
  if (packed.readUInt32LE(from) !== MAGIC) throw new RangeError('it is not an lz4 frame');
  const flags = packed.readUInt8(from + 4);
  const blockBytes = BLOCK_BYTES[(packed.readUInt8(from + 5) >> 4) & 7];
  if (flags >> 6 !== 1 || blockBytes === undefined) throw new RangeError('the lz4 frame is of an unknown version');
  if ((flags & 0x20) === 0) throw new RangeError('the lz4 blocks are linked; Kafka only knows independent ones');
  if ((flags & 1) !== 0) throw new RangeError('the lz4 frame needs a dictionary');
  return {
    hasBlockChecksum: (flags & 0x10) !== 0,
    hasChecksum: (flags & 0x04) !== 0,
    blockBytes,
    // Magic number, two bytes of flags, the size of the content where it is told, and a byte of checksum.
    end: from + 7 + ((flags & 0x08) === 0 ? 0 : 8),
  };
}

/** A block is a sequence of literals, each followed by a copy of what came before. */
function unpackBlock(packed: Buffer, limit: number): Buffer {
  const out = Buffer.allocUnsafe(sizeOf(packed, limit));
  let to = 0;
  let at = 0;
  while (at < packed.length) {
    const token = packed[at] ?? 0;
    let literals = token >> 4;
    at += 1;
    if (literals === 15) [literals, at] = extendedLength(packed, at, literals);
    packed.copy(out, to, at, at + literals);
    to += literals;
    at += literals;
    // The last sequence has no copy.
    if (at >= packed.length) break;
    const distance = packed.readUInt16LE(at);
    at += 2;
    let length = token & 15;
    if (length === 15) [length, at] = extendedLength(packed, at, length);
    length += 4;
    if (distance === 0 || distance > to) throw new RangeError('an lz4 block refers to what is not there');
    if (distance >= length) {
      out.copyWithin(to, to - distance, to - distance + length);
      to += length;
    } else {
      // It repeats what it writes.
      for (const end = to + length; to < end; to += 1) out[to] = out[to - distance] ?? 0;
    }
  }
  return out;
}

/** What a block unpacks to: one look at its tokens, without copying. @throws {RangeError} beyond the limit */
function sizeOf(packed: Buffer, limit: number): number {
  let size = 0;
  let at = 0;
  while (at < packed.length) {
    const token = packed[at] ?? 0;
    let literals = token >> 4;
    at += 1;
    if (literals === 15) [literals, at] = extendedLength(packed, at, literals);
    at += literals;
    size += literals;
    if (at > packed.length) throw new RangeError('an lz4 block is cut off');
    if (at < packed.length) {
      let length = token & 15;
      at += 2;
      if (length === 15) [length, at] = extendedLength(packed, at, length);
      size += length + 4;
    }
    if (size > limit) throw new RangeError(`an lz4 block is larger than the ${limit} bytes that its frame allows`);
  }
  return size;
}

/** @returns the length, and where what follows it begins */
function extendedLength(packed: Buffer, from: number, base: number): [length: number, at: number] {
  let length = base;
  let at = from;
  for (let byte = 255; byte === 255; at += 1) {
    byte = packed.readUInt8(at);
    length += byte;
  }
  return [length, at];
}
