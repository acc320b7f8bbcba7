import { isJsonObject, type Catalogue } from '@tidings/catalogue';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { RAW_NATIVE_HEADER, type OutgoingRecord } from '@tidings/transport';
import { jsonMember } from '../query/json-member.js';
import type { KeptHeader, KeptHeaderValue, KeptLetter } from './kept-letter.js';
import { repairedNative } from './native-repair.js';
import { sentHeaders } from './sent-headers.js';

/** What is to be different when a dead letter is sent again. */
export interface LetterRepair {
  /** Instead of the original bytes. */
  readonly value?: string;
  /** Over the original headers; null removes one. */
  readonly headers?: Readonly<Record<string, KeptHeader>>;
}

const MEMBERS = ['value', 'headers'];
/** What they say is trusted, so that a repair must not say it. */
const OWN_HEADER = /^tidings-/i;

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
  } else if (isHeaders(headers)) {
    const ours = Object.keys(headers).filter((name) => OWN_HEADER.test(name));
    if (ours.length > 0) problems['headers'] = [`${ours.join(', ')}: is written by Tidings only; leave it out`];
  }
  if (Object.keys(problems).length > 0) throw invalidQuery(problems);
  const text = typeof value === 'string' ? value : jsonMember(json, 'value');
  return { ...(text !== undefined && { value: text }), ...(isHeaders(headers) && { headers }) };
}

function isHeaders(headers: unknown): headers is Readonly<Record<string, KeptHeader>> {
  return isJsonObject(headers) && Object.entries(headers).every(([name, value]) => name !== '' && isHeader(value));
}

function isHeader(value: unknown): boolean {
  return value === null || (Array.isArray(value) ? value.every(isHeaderValue) : isHeaderValue(value));
}

function isHeaderValue(value: unknown): value is KeptHeaderValue {
  return typeof value === 'string' || (isJsonObject(value) && typeof value['base64'] === 'string');
}

/** The message as it came, as far as it is kept. */
export function originalRecord({ kafkaTopic, key, value, headers }: KeptLetter): OutgoingRecord {
  return { kafkaTopic, key, value, headers: sentHeaders(Object.entries(headers)) };
}

/**
 * The message to send: the original, with what the repair changes. A native event that could not be used is read again
 * and becomes an event.
 * @throws {DomainError} `invalid_query` where the repair is not enough; `conflict` where what it leaves as it was is not kept
 */
export function repairedRecord(
  letter: KeptLetter,
  repair: LetterRepair,
  catalogue: Catalogue,
  prefix: string,
): OutgoingRecord {
  const lacking = letter.omitted.filter((part) => part !== 'key' && repair[part] === undefined);
  if (lacking.length > 0) {
    const reason = `Its ${lacking.join(' and ')} could not be kept: give them, or read them from Kafka at its offset.`;
    throw new DomainError('conflict', { reason });
  }
  const value = repair.value ?? letter.value;
  const native = letter.headers[RAW_NATIVE_HEADER];
  if (typeof native === 'string') {
    if (Object.keys(repair.headers ?? {}).length > 0) {
      throw invalidQuery({ headers: ['a native event has none of its own; repair its value'] });
    }
    return repairedNative(native, value, catalogue, prefix);
  }
  const headers = new Map<string, KeptHeader>(Object.entries(letter.headers));
  for (const [name, header] of Object.entries(repair.headers ?? {})) headers.set(name, header);
  return { kafkaTopic: letter.kafkaTopic, key: letter.key, value, headers: sentHeaders(headers) };
}
