import { isJsonObject } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import { PROBLEM_HEADER, type HeaderValue, type OutgoingRecord } from '@tidings/transport';
import { jsonMember } from '../query/json-member.js';
import type { KeptHeader, KeptHeaderValue, KeptLetter } from './kept-letter.js';

/** What is to be different when a dead letter is sent again. */
export interface LetterRepair {
  /** Instead of the original bytes. */
  readonly value?: string;
  /** Over the original headers; null removes one. */
  readonly headers?: Readonly<Record<string, KeptHeader | null>>;
}

const MEMBERS = ['value', 'headers'];

/**
 * Reads a repair.
 * @param json a JSON object: `value`, the message as text, or as JSON that is sent as it is written here; and `headers`
 * @throws {SyntaxError} where it is not JSON
 * @throws {DomainError} `invalid_query`, with everything that is wrong, member by member
 */
export function parseRepair(json: string): LetterRepair {
  const body: unknown = JSON.parse(json);
  if (!isJsonObject(body))
    throw invalidQuery({ non_field_errors: ['must be an object with `value`, `headers` or both'] });
  const problems: Record<string, string[]> = {};
  for (const name of Object.keys(body)) {
    if (!MEMBERS.includes(name)) problems[name] = [`is not known here; the members are ${MEMBERS.join(' and ')}`];
  }
  const { value, headers } = body;
  if (value === null) problems['value'] = ['must be text or JSON; leave it out to send the original'];
  if (headers !== undefined && !isHeaders(headers)) {
    problems['headers'] = ['must be an object of texts; {"base64": "…"} stands for bytes, and null removes a header'];
  }
  if (Object.keys(problems).length > 0) throw invalidQuery(problems);
  const text = typeof value === 'string' ? value : jsonMember(json, 'value');
  return { ...(text !== undefined && { value: text }), ...(isHeaders(headers) && { headers }) };
}

function isHeaders(headers: unknown): headers is Readonly<Record<string, KeptHeader | null>> {
  return isJsonObject(headers) && Object.entries(headers).every(([name, value]) => name !== '' && isHeader(value));
}

function isHeader(value: unknown): boolean {
  return value === null || (Array.isArray(value) ? value.every(isHeaderValue) : isHeaderValue(value));
}

function isHeaderValue(value: unknown): value is KeptHeaderValue {
  return typeof value === 'string' || (isJsonObject(value) && typeof value['base64'] === 'string');
}

/** The message to send: the original, with what the repair changes. */
export function repairedRecord(letter: KeptLetter, repair: LetterRepair): OutgoingRecord {
  const headers = new Map<string, KeptHeader | null>(Object.entries(letter.headers));
  // What the gateway found wrong with a native event no longer holds for a repaired one.
  if (repair.value !== undefined) headers.delete(PROBLEM_HEADER);
  for (const [name, value] of Object.entries(repair.headers ?? {})) headers.set(name, value);
  return {
    kafkaTopic: letter.kafkaTopic,
    key: letter.key,
    value: repair.value ?? letter.value,
    headers: Object.fromEntries(
      [...headers].flatMap(([name, value]): [string, HeaderValue][] =>
        value === null ? [] : [[name, sentHeader(value)]],
      ),
    ),
  };
}

function sentHeader(header: KeptHeader): HeaderValue {
  return isSeveral(header) ? header.map(sentValue) : sentValue(header);
}

function isSeveral(header: KeptHeader): header is readonly KeptHeaderValue[] {
  return Array.isArray(header);
}

function sentValue(value: KeptHeaderValue): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.base64, 'base64');
}
