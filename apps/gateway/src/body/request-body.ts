import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { INTAKE_LIMITS } from '@tidings/catalogue';
import { DomainError, isDomainError } from '@tidings/runtime';
import { BodyError } from './body-error.js';

/** One read of the unpacked body, bytes: as large as what a socket hands over at once. */
const INFLATED_CHUNK_BYTES = 64 * 1024;

/**
 * Reads a request's body piece by piece, unpacking it where it is compressed. Leaving the loop early lets go of it.
 * @param body the request's stream
 * @param contentEncoding the header of that name
 * @throws {DomainError} at once for an encoding other than gzip
 * @throws {BodyError} while reading: broken gzip, a request that is cut off, more than it may unpack to
 */
export function readBody(body: Readable, contentEncoding: string | undefined): AsyncIterable<Buffer> {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return plain(body);
  if (encoding === 'gzip' || encoding === 'x-gzip') return inflate(body);
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

/**
 * The body of a sender that will not send it again: whatever its encoding is called, it is unpacked where it begins as
 * gzip does, and read as it is otherwise.
 */
export async function* readAnyBody(body: Readable): AsyncGenerator<Buffer, void> {
  const chunks = plain(body);
  let first = Buffer.alloc(0);
  while (first.length < GZIP.length) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    first = Buffer.concat([first, value]);
  }
  const whole = joined(first, chunks);
  const isGzip = first.subarray(0, GZIP.length).equals(GZIP);
  yield* isGzip ? inflate(Readable.from(whole, { objectMode: false })) : whole;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* inflate(body: Readable): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES });
  // Its errors come out of the loop below.
  pipeline(body, gunzip, () => undefined);
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      demandRatio(size, gunzip.bytesWritten);
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

/** A few kilobytes of gzip can hold gigabytes of nothing. @param size unpacked so far, of `packed` bytes */
function demandRatio(size: number, packed: number): void {
  const { inflated, inflationRatio, inflationFree } = INTAKE_LIMITS;
  if (size > inflated.value) {
    const problem = `unpacks to more than ${inflated.value} bytes; send it in several requests`;
    throw new BodyError('body_too_large', problem, { limit: inflated.value });
  }
  if (size > inflationFree.value && size > packed * inflationRatio.value) {
    const problem = `unpacks to more than ${inflationRatio.value} times its size; send it as it is`;
    throw new BodyError('body_too_large', problem, { limit: packed * inflationRatio.value });
  }
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
