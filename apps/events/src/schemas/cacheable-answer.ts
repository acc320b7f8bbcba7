import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long an answer may be kept, by whether it can ever be another. */
const CACHE_CONTROL = {
  never: 'public, max-age=31536000, immutable',
  withTheProcess: 'public, max-age=60',
} as const;

/**
 * Answers with a text that others may keep, or with 304 when they still have it.
 * @param changes whether what is behind the address changes: never, or when the process starts anew
 */
export function answerCacheable(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { text, contentType, changes }: { text: string; contentType: string; changes: keyof typeof CACHE_CONTROL },
): string | undefined {
  const tag = `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;
  void reply.headers({ etag: tag, 'cache-control': CACHE_CONTROL[changes], 'content-type': contentType });
  const held = headers['if-none-match'];
  if (held === undefined || !isHeld(held, tag)) return text;
  void reply.status(304);
  return undefined;
}

/** Compared weakly, as RFC 9110 has it for If-None-Match. */
function isHeld(held: string, tag: string): boolean {
  return held.split(',').some((one) => ['*', tag, `W/${tag}`].includes(one.trim()));
}
