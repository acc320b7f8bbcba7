import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError, isDomainError } from '@tidings/runtime';
import { BodyError } from './body-error.js';

/**
 * How much a compressed body may unpack to, bytes. A few kilobytes of gzip can hold gigabytes of nothing; whoever has
 * more than this to send can send it in several requests.
 */
export const MAX_INFLATED_BYTES = 256 * 1024 * 1024;

/** One read of the unpacked body, bytes: as large as what a socket hands over at once. */
const INFLATED_CHUNK_BYTES = 64 * 1024;

/**
 * Reads a request's body piece by piece, unpacking it where it is compressed. Leaving the loop early lets go of it.
 * @param body the request's stream
 * @param contentEncoding the header of that name
 * @throws {DomainError} at once for an encoding other than gzip
 * @throws {BodyError} while reading: broken gzip, a request that is cut off, more than the limit
 */
export function readBody(
  body: Readable,
  contentEncoding: string | undefined,
  maxInflatedBytes = MAX_INFLATED_BYTES,
): AsyncIterable<Buffer> {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return plain(body);
  if (encoding === 'gzip' || encoding === 'x-gzip') return inflate(body, maxInflatedBytes);
  throw new DomainError(
    'unsupported_media_type',
    { mediaType: `Content-Encoding: ${encoding}` },
    { members: { errors: [{ field: 'Content-Encoding', problem: 'must be gzip, or left out' }] } },
  );
}

async function* plain(body: Readable): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw isTooSlow(error) ? error : cutOff(error);
  }
}

async function* inflate(body: Readable, limit: number): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES });
  // Its errors come out of the loop below.
  pipeline(body, gunzip, () => undefined);
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof BodyError || isTooSlow(error)) throw error;
    throw isZlibError(error) ? brokenGzip(error) : cutOff(error);
  }
}

function isTooSlow(error: unknown): boolean {
  return isDomainError(error) && error.code === 'request_timeout';
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function brokenGzip(cause: Error): BodyError {
  const problem = `says gzip, but the body is none, or not all of it: ${cause.message}`;
  return new BodyError('malformed_request', problem, { field: 'Content-Encoding', cause });
}

function cutOff(cause?: unknown): BodyError {
  return new BodyError('malformed_request', 'was cut off before its end', { cause });
}

function tooLarge(limit: number): BodyError {
  return new BodyError('body_too_large', `unpacks to more than ${limit} bytes; send it in several requests`, { limit });
}

/**
 * The whole body in memory.
 * @param limit bytes
 * @param hold told how many bytes there are so far
 * @throws {BodyError} `event_too_large` beyond the limit; the rest is not read
 */
export async function collectBody(
  chunks: AsyncIterable<Buffer>,
  limit: number,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) throw new BodyError('event_too_large', `is larger than ${limit} bytes; send less`, { limit });
    hold(size);
    pieces.push(chunk);
  }
  return Buffer.concat(pieces);
}
