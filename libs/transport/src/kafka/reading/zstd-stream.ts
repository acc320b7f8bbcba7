import { RECORD_LIMITS } from '@tidings/catalogue';
import { Decompress } from 'fzstd';

const MAGIC = 0xfd2fb528;
/** The lowest four bits of a skippable frame's magic number are the writer's own. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const BLOCK_HEADER_BYTES = 3;
const MAX_BLOCK_BYTES = 131_072;
const MIN_WINDOW_LOG = 10;

interface Frame {
  readonly hasChecksum: boolean;
  /** How far back a block may refer. */
  readonly windowBytes: number;
  /** Where each block, with its header, begins; and where the last one ends. */
  readonly cuts: readonly number[];
  /** What the blocks can unpack to at most. */
  readonly bound: number;
}

/**
 * Unpacks zstd frames block by block. The decoder takes the window that a frame claims on trust and clears it first, so
 * it is given a header with the window that is needed. It also moves the whole window for each block, however small the
 * block is: so many that nobody could wait for it, in a few bytes, unless that is bounded.
 */
export function* zstdBlocks(packed: Buffer): Generator<Buffer> {
  let at = 0;
  let movable: number = RECORD_LIMITS.zstdWindows.value;
  while (at < packed.length) {
    if ((packed.readUInt32LE(at) & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + packed.readUInt32LE(at + 4);
      continue;
    }
    const frame = frameOf(packed, at);
    movable = yield* frameBlocks(packed, frame, movable);
    at = (frame.cuts.at(-1) ?? packed.length) + (frame.hasChecksum ? 4 : 0);
  }
}

/** @returns how many bytes of windows may still be moved */
function* frameBlocks(
  packed: Buffer,
  { windowBytes, cuts, bound }: Frame,
  movableBefore: number,
): Generator<Buffer, number> {
  const unpacked: Buffer[] = [];
  const decoder = new Decompress((bytes) => {
    unpacked.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  const windowLog = windowLogOf(Math.min(windowBytes, bound));
  decoder.push(headerOf(windowLog), false);
  let movable = movableBefore;
  for (const [index, end] of cuts.slice(1).entries()) {
    movable -= 2 ** windowLog;
    if (movable < 0)
      throw new RangeError(`the zstd frames have too many blocks for windows of ${2 ** windowLog} bytes`);
    decoder.push(packed.subarray(cuts[index], end), index === cuts.length - 2);
    yield* unpacked.splice(0);
  }
  return movable;
}

function frameOf(packed: Buffer, from: number): Frame {
  if (packed.readUInt32LE(from) !== MAGIC) throw new RangeError('it is not a zstd frame');
  const flags = packed.readUInt8(from + 4);
  const isSingle = (flags & 0x20) !== 0;
  if ((flags & 0x03) !== 0) throw new RangeError('the zstd frame needs a dictionary');
  let at = from + 5;
  let windowBytes = 0;
  if (!isSingle) {
    const descriptor = packed.readUInt8(at);
    const base = 2 ** (MIN_WINDOW_LOG + (descriptor >> 3));
    windowBytes = base + (base / 8) * (descriptor & 7);
    at += 1;
  }
  const sizeBytes = flags >> 6 === 0 ? Number(isSingle) : 1 << (flags >> 6);
  if (isSingle) windowBytes = contentSize(packed, at, sizeBytes);
  at += sizeBytes;
  return { hasChecksum: (flags & 0x04) !== 0, windowBytes, ...blocksOf(packed, at) };
}

function contentSize(packed: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return Number(packed.readBigUInt64LE(at));
  return packed.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function blocksOf(packed: Buffer, from: number): Pick<Frame, 'cuts' | 'bound'> {
  const cuts = [from];
  let bound = 0;
  for (let at = from, isLast = false; !isLast;) {
    const word = packed.readUIntLE(at, BLOCK_HEADER_BYTES);
    const [type, size] = [(word >> 1) & 3, word >> 3];
    isLast = (word & 1) !== 0;
    // A raw block is as large as it says, a repeated byte takes one, and a compressed block may become the largest.
    bound += type === 2 ? MAX_BLOCK_BYTES : size;
    at += BLOCK_HEADER_BYTES + (type === 1 ? 1 : size);
    if (at > packed.length || size > MAX_BLOCK_BYTES) throw new RangeError('a zstd block is cut off');
    cuts.push(at);
  }
  return { cuts, bound };
}

/** The smallest window that holds so many bytes, as a power of two. */
function windowLogOf(windowBytes: number): number {
  const limit = RECORD_LIMITS.unpackedBlockBytes.value;
  if (windowBytes > limit) {
    throw new RangeError(`the zstd frame needs a window of ${windowBytes} bytes; at most ${limit} are held`);
  }
  return Math.max(MIN_WINDOW_LOG, Math.ceil(Math.log2(Math.max(1, windowBytes))));
}

/** The header of a frame with such a window, and without anything else. */
function headerOf(windowLog: number): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt8((windowLog - MIN_WINDOW_LOG) << 3, 5);
  return header;
}
