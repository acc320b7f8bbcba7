import { isUtf8 } from 'node:buffer';
import type { GivenAttribute, Problem } from '@tidings/catalogue';
import type { HeaderValue, IncomingRecord } from '../port.js';
import { ATTRIBUTE_PREFIX, CONTENT_TYPE_HEADER } from './attribute-names.js';
import { NATIVE_ORIGIN_HEADER, PROBLEM_HEADER, RAW_NATIVE_HEADER } from './native-marks.js';

/** What the headers of a record say, after one pass over them. */
export interface AttributeHeaders {
  /** Attributes but for the content type, which has a header of its own. */
  readonly given: GivenAttribute[];
  contentType: string | undefined;
  origin: string | undefined;
  rawNative: string | undefined;
  problem: string | undefined;
  /** What is wrong with the headers themselves. */
  problems: Problem[] | undefined;
}

/** The attributes that every producer knows: their names are read in any letters. */
const CORE_ATTRIBUTES = new Set([
  ...['specversion', 'id', 'source', 'type', 'time', 'subject', 'dataschema', 'datacontenttype'],
]);
const CORE_HEADERS: ReadonlyMap<string, string> = new Map(
  [...CORE_ATTRIBUTES].map((name) => [ATTRIBUTE_PREFIX + name, name]),
);
const ATTRIBUTE_HEADER = /^ce[_-]/i;
/** Beyond, further problems of one record tell nothing new. */
const MAX_PROBLEMS = 20;
const MAX_NAME_LENGTH = 64;
/** What stands for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Reads the headers of the binary mode. The binding writes `ce_id`; `CE_ID` and HTTP's `ce-id` mean the same. Tens of
 * thousands of messages a second pass here: one look at each header, and expressions only for what is unusual.
 */
export function readHeaders(headers: IncomingRecord['headers']): AttributeHeaders {
  const read: AttributeHeaders = {
    given: [],
    contentType: undefined,
    origin: undefined,
    rawNative: undefined,
    problem: undefined,
    problems: undefined,
  };
  let dataContentType: string | undefined;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || value === null) continue;
    const attribute = attributeName(name);
    if (attribute === 'datacontenttype') dataContentType = textOf(value, name, read);
    else if (attribute !== undefined) read.given.push([attribute, textOf(value, name, read)]);
    else assign(read, name, value);
  }
  // Some libraries write it beside `content-type`, which is the one that counts.
  read.contentType ??= dataContentType;
  if (read.given.length > 1) findRepeated(read);
  return read;
}

/** @returns undefined for a header that is no attribute */
function attributeName(header: string): string | undefined {
  const core = CORE_HEADERS.get(header);
  if (core !== undefined) return core;
  if (!ATTRIBUTE_HEADER.test(header)) return undefined;
  const name = header.slice(ATTRIBUTE_PREFIX.length);
  const lower = name.toLowerCase();
  // Under the binding's own prefix an extension is what it says: capitals in it are its producer's mistake.
  return !header.startsWith(ATTRIBUTE_PREFIX) || CORE_ATTRIBUTES.has(lower) ? lower : name;
}

function assign(read: AttributeHeaders, name: string, value: HeaderValue): void {
  switch (name) {
    case NATIVE_ORIGIN_HEADER:
      read.origin = textOf(value, name, read);
      return;
    case RAW_NATIVE_HEADER:
      read.rawNative = textOf(value, name, read);
      return;
    case PROBLEM_HEADER:
      read.problem = textOf(value, name, read);
      return;
    default:
      if (name.length !== CONTENT_TYPE_HEADER.length || name.toLowerCase() !== CONTENT_TYPE_HEADER) return;
      if (read.contentType !== undefined) complain(read, name, 'is given more than once');
      read.contentType = textOf(value, name, read);
  }
}

function textOf(value: HeaderValue, name: string, read: AttributeHeaders): string {
  if (typeof value === 'string') return value;
  if (!Buffer.isBuffer(value)) {
    complain(read, name, 'is given more than once');
    return String(value.at(-1) ?? '');
  }
  const text = value.toString('utf8');
  // Two ids that are no text must not become one.
  if (text.includes(REPLACEMENT) && !isUtf8(value)) complain(read, name, 'is not UTF-8');
  return text;
}

/** One attribute under two spellings: nobody can say which of them is meant. */
function findRepeated(read: AttributeHeaders): void {
  const { given } = read;
  if (given.length > CORE_ATTRIBUTES.size * 2) {
    const seen = new Set<string>();
    for (const [name] of given) {
      if (seen.has(name)) complain(read, name, 'is given more than once');
      seen.add(name);
    }
    return;
  }
  for (let index = 1; index < given.length; index += 1) {
    const name = given[index]?.[0] ?? '';
    for (let before = 0; before < index; before += 1) {
      if (given[before]?.[0] === name) complain(read, name, 'is given more than once');
    }
  }
}

function complain(read: AttributeHeaders, name: string, problem: string): void {
  const problems = (read.problems ??= []);
  if (problems.length >= MAX_PROBLEMS) return;
  const field = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
  problems.push({ field, problem });
}
