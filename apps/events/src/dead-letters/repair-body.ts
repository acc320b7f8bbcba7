import type { Readable } from 'node:stream';
import { DomainError } from '@tidings/runtime';
import { parseRepair, type LetterRepair } from './letter-repair.js';

/**
 * Reads the body of a retry. It is not left to the framework's parser, which would turn a repaired message's numbers
 * into doubles.
 * @param body undefined when the request has none: nothing is repaired
 * @param limit the largest body, bytes
 * @throws {DomainError} when it is too large, not JSON, or no repair
 */
export async function readRepair(
  body: Readable | undefined,
  contentType: string | undefined,
  limit: number,
): Promise<LetterRepair> {
  if (body === undefined) return {};
  const bytes = await collect(body, limit);
  if (bytes.length === 0) return {};
  const mediaType = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== 'application/json') throw new DomainError('unsupported_media_type', { mediaType });
  try {
    return parseRepair(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw new DomainError('malformed_json');
    throw error;
  }
}

async function collect(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new DomainError('body_too_large', { limit });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
