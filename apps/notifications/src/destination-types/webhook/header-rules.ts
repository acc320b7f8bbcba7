import { DELIVERY_LIMITS, HOPS_HEADER } from '@tidings/catalogue';

export const MAX_HEADERS = 50;
const MAX_NAME = 128;
const MAX_VALUE = DELIVERY_LIMITS.headerValue.value;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VISIBLE = /^[\t\u0020-\u007e\u00a0-\u00ff]*$/;

/** Headers that belong to the connection, or that say what we vouch for. */
const OURS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  HOPS_HEADER,
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

/** @param seen names before it, in lower case. @returns what is wrong with a header's name */
export function headerProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  if (!TOKEN.test(name) || name.length > MAX_NAME) {
    return `is no name of a header; use letters, digits and dashes, up to ${MAX_NAME}`;
  }
  if (OURS.has(name.toLowerCase())) return 'is set by the sender itself; choose another name';
  if (seen.has(name.toLowerCase())) return 'comes twice; names of headers do not tell upper from lower case';
  return undefined;
}

/** @returns what is wrong with a header's value */
export function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || !VISIBLE.test(value)) return 'must be a text without line breaks, in Latin-1';
  return value.length > MAX_VALUE ? `must not be longer than ${MAX_VALUE} characters` : undefined;
}
