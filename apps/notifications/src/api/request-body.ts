import type { Readable } from 'node:stream';
import { type ParsedJson, parseJson } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';

/** How long a body may take to arrive, milliseconds. */
const DEADLINE_MS = 30_000;

/** A body as it came. @throws {DomainError} `body_too_large`, `request_timeout` or `malformed_request` */
export async function collectBody(body: Readable | undefined, limit: number): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const deadline = setTimeout(() => fail(new DomainError('request_timeout')), DEADLINE_MS);
    const fail = (error: Error): void => {
      clearTimeout(deadline);
      reject(error);
      body.destroy();
    };
    body.on('error', fail);
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) fail(new DomainError('body_too_large', { limit }));
      else chunks.push(chunk);
    });
    body.on('end', () => {
      clearTimeout(deadline);
      resolve(Buffer.concat(chunks));
    });
  });
}

/** @throws {DomainError} `malformed_json` or `empty_body` */
export function jsonOf(bytes: Buffer): unknown {
  return parsedJsonOf(bytes).plain;
}

/** @returns with its numbers as they came. @throws {DomainError} `malformed_json` or `empty_body` */
export function exactJsonOf(bytes: Buffer): unknown {
  return parsedJsonOf(bytes).exact;
}

function parsedJsonOf(bytes: Buffer): ParsedJson {
  if (bytes.length === 0) throw new DomainError('empty_body');
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    throw new DomainError('malformed_json');
  }
}
