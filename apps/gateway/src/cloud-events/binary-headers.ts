import type { IncomingHttpHeaders } from 'node:http';
import type { GivenAttribute, Problem } from '@tidings/catalogue';
import { decodeHeaderValue } from './header-value.js';

const HEADER_PREFIX = 'ce-';
const CONTENT_TYPE_ATTRIBUTE = 'ce-datacontenttype';
const MAX_PROBLEMS = 20;

/** The headers of a request, and the same as they came, name and value in turn: Node joins what comes twice. */
export interface RequestHeaders {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

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
export function attributesOfHeaders({ headers, rawHeaders }: RequestHeaders): BinaryAttributes {
  const given: GivenAttribute[] = [];
  const problems: Problem[] = repeatedHeaders(rawHeaders);
  const contentType = headers['content-type'];
  if (contentType !== undefined) {
    given.push(['datacontenttype', contentType]);
    const second = headers[CONTENT_TYPE_ATTRIBUTE];
    if (second !== undefined) {
      const problem = 'is said by Content-Type in binary mode; leave ce-datacontenttype out';
      problems.push({ field: 'datacontenttype', problem });
    }
  }
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(HEADER_PREFIX) || value === undefined) continue;
    const name = header.slice(HEADER_PREFIX.length);
    const text = decodeHeaderValue([value].flat().join(', '));
    if (text === undefined) problems.push({ field: name, problem: 'must be UTF-8, percent-encoded, in its header' });
    else given.push([name, text]);
  }
  return problems.length > 0 ? { problems } : { given };
}

/** Two values of one attribute, joined, would be a third one, and two equal ones another identity. */
function repeatedHeaders(rawHeaders: readonly string[]): Problem[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!name.startsWith(HEADER_PREFIX) && name !== 'content-type') continue;
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return [...repeated].slice(0, MAX_PROBLEMS).map((name) => ({
    field: name === 'content-type' ? 'Content-Type' : name.slice(HEADER_PREFIX.length),
    problem: `comes in more than one ${name} header; send one`,
  }));
}
