import type { IncomingHttpHeaders } from 'node:http';
import type { GivenAttribute, Problem } from '@tidings/catalogue';
import { decodeHeaderValue } from './header-value.js';

const HEADER_PREFIX = 'ce-';

/** Does the request carry a CloudEvent in its headers? */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name.startsWith(HEADER_PREFIX));
}

export type BinaryAttributes =
  { readonly given: readonly GivenAttribute[] } | { readonly problems: readonly Problem[] };

/**
 * Takes the attributes out of the headers of a request in binary mode; its `Content-Type` is the datacontenttype.
 * @returns the problems instead where a value cannot be decoded
 */
export function attributesOfHeaders(headers: IncomingHttpHeaders): BinaryAttributes {
  const given: GivenAttribute[] = [];
  const problems: Problem[] = [];
  const contentType = headers['content-type'];
  if (contentType !== undefined) given.push(['datacontenttype', contentType]);
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(HEADER_PREFIX) || value === undefined) continue;
    const name = header.slice(HEADER_PREFIX.length);
    const text = decodeHeaderValue([value].flat().join(', '));
    if (text === undefined) problems.push({ field: name, problem: 'must be UTF-8, percent-encoded, in its header' });
    else given.push([name, text]);
  }
  return problems.length > 0 ? { problems } : { given };
}
