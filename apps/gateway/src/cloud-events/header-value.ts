import { isUtf8 } from 'node:buffer';

const PERCENT_ENCODED = /%([0-9a-fA-F]{2})/g;
const NOT_ASCII = /[^\u{20}-\u{7e}]/u;

/**
 * Decodes the value of a `ce-…` header as the HTTP binding has it: quotes around it are taken off, then one round of
 * percent-decoding. A percent sign that encodes nothing stays, because widespread SDKs do not encode it; and so does
 * plain UTF-8, which Node hands over byte by byte.
 * @returns undefined where what comes out is not UTF-8
 */
export function decodeHeaderValue(value: string): string | undefined {
  const unquoted = unquote(value);
  const hasPercent = unquoted.includes('%');
  if (!hasPercent && !NOT_ASCII.test(unquoted)) return unquoted;
  const raw = hasPercent
    ? unquoted.replace(PERCENT_ENCODED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : unquoted;
  const bytes = Buffer.from(raw, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
