import type { HeaderValue } from '@tidings/transport';
import type { KeptHeader, KeptHeaderValue } from './kept-letter.js';

type SentValue = string | Buffer;

/**
 * Headers of a dead letter as they are sent. One whose value is null is left out: Kafka knows such headers, but no client
 * of ours can write them.
 */
export function sentHeaders(headers: Iterable<readonly [string, KeptHeader]>): Record<string, HeaderValue> {
  const sent: [string, HeaderValue][] = [];
  for (const [name, header] of headers) {
    if (!isSeveral(header)) sent.push(...sentValues([header]).map((value): [string, HeaderValue] => [name, value]));
    else if (sentValues(header).length > 0) sent.push([name, sentValues(header)]);
  }
  return Object.fromEntries(sent);
}

function isSeveral(header: KeptHeader): header is readonly KeptHeaderValue[] {
  return Array.isArray(header);
}

function sentValues(values: readonly KeptHeaderValue[]): SentValue[] {
  return values.flatMap((value) => {
    if (value === null) return [];
    return [typeof value === 'string' ? value : Buffer.from(value.base64, 'base64')];
  });
}
