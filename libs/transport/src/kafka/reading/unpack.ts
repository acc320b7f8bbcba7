import { createGunzip, gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { lz4Blocks } from './lz4-frame.js';
import { snappyBlocks } from './snappy-stream.js';
import { zstdBlocks } from './zstd-stream.js';

const gunzipWhole = promisify(gunzip);

/** What nearly every batch unpacks to is less, and unpacks in one go. */
const WHOLE_BYTES = 4 * 1_048_576;
const CHUNK_BYTES = 262_144;

/** The compression of a record batch, by its number in the batch's attributes. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = Exclude<(typeof CODECS)[number], 'none'>;

/**
 * Unpacks the records of a batch piece by piece, so that whoever reads them bounds the memory: a megabyte of gzip can
 * hold a gigabyte. Stop iterating when enough is read.
 * @throws {Error} while iterating, where the bytes are not what they should be
 */
export function unpack(codec: Codec, packed: Buffer): AsyncIterable<Buffer> | Iterable<Buffer> {
  switch (codec) {
    case 'gzip':
      return gzipChunks(packed);
    case 'snappy':
      return snappyBlocks(packed);
    case 'lz4':
      return lz4Blocks(packed);
    case 'zstd':
      return zstdBlocks(packed);
  }
}

async function* gzipChunks(packed: Buffer): AsyncGenerator<Buffer> {
  try {
    yield await gunzipWhole(packed, { maxOutputLength: WHOLE_BYTES });
    return;
  } catch (error) {
    // Too large, or damaged: in both cases what comes before that can be read.
    if (!(error instanceof Error)) throw error;
  }
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.end(packed);
  for await (const chunk of stream) yield chunk as Buffer;
}
