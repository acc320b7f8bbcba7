import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { Problem } from '@tidings/catalogue';
import type { IncomingRecord } from '@tidings/transport';
import { LETTER_PARTS, type DeadLetter, type LetterPart } from './dead-letter.js';
import type { LetterOrigin } from './letter-origin.js';
import { storable } from './storable-text.js';

/** A dead letter as its table takes it. */
export interface DeadLetterRow {
  readonly reason: string;
  readonly detail: string;
  readonly problems: string | null;
  readonly kafkaTopic: string;
  readonly kafkaPartition: number;
  readonly kafkaOffset: string;
  /** Milliseconds since the Unix epoch. */
  readonly recordTime: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
  readonly digest: Buffer;
  readonly system: string | null;
  readonly site: string | null;
  /** Names of the parts that are not kept, joined by commas. */
  readonly omitted: string | null;
}

/** The times that RFC 3339 can say. Kafka takes any number; one outside of these is kept as the nearer of the two. */
export const FIRST_RECORD_TIME_MS = Date.parse('0000-01-01T00:00:00.000Z');
export const LAST_RECORD_TIME_MS = Date.parse('9999-12-31T23:59:59.999Z');

const MAX_DETAIL = 2_000;
const MAX_PROBLEMS = 100;
const MAX_PROBLEM = 1_000;
const WHOLE_NUMBER = /^-?\d+$/;

/** @param partBytes the largest key, value and headers that are kept, each */
export function deadLetterRow(letter: DeadLetter, origin: LetterOrigin, partBytes: number): DeadLetterRow {
  const { record } = letter;
  const sizes = { key: sizeOf(record.key), headers: headersSize(record.headers), value: sizeOf(record.value) };
  const tooLarge = LETTER_PARTS.filter((part) => sizes[part] > partBytes);
  const omitted = LETTER_PARTS.filter((part) => tooLarge.includes(part) || letter.omitted?.includes(part) === true);
  const has = (part: LetterPart): boolean => !omitted.includes(part);
  const headers = has('headers') ? headersJson(record.headers) : '{}';
  return {
    reason: letter.reason,
    detail: storable(clipped(letter.detail, MAX_DETAIL)) + sizesText(tooLarge, sizes, partBytes),
    problems: letter.problems.length === 0 ? null : JSON.stringify(letter.problems.slice(0, MAX_PROBLEMS).map(clip)),
    kafkaTopic: letter.kafkaTopic,
    kafkaPartition: letter.kafkaPartition,
    kafkaOffset: record.offset,
    recordTime: recordTimeOf(record.timestamp),
    key: has('key') ? record.key : null,
    value: has('value') ? record.value : null,
    headers,
    digest: digestOf(record, headers),
    system: origin.system ?? null,
    site: origin.site ?? null,
    omitted: omitted.length === 0 ? null : omitted.join(),
  };
}

/** Header values as text where they are UTF-8, otherwise as `{"base64": …}`; null where they are; repeated headers as a list. */
export function headersJson(headers: IncomingRecord['headers']): string {
  const readable = Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.map(headerValue) : headerValue(value)]],
  );
  return JSON.stringify(Object.fromEntries(readable));
}

function headerValue(value: unknown): unknown {
  if (!Buffer.isBuffer(value)) return typeof value === 'string' ? value : null;
  return isUtf8(value) ? value.toString('utf8') : { base64: value.toString('base64') };
}

function sizeOf(part: unknown): number {
  return Buffer.isBuffer(part) || typeof part === 'string' ? part.length : 0;
}

function headersSize(headers: IncomingRecord['headers']): number {
  let size = 0;
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    size += name.length;
    if (Array.isArray(value)) for (const one of value) size += sizeOf(one);
    else size += sizeOf(value);
  }
  return size;
}

function recordTimeOf(timestamp: string): string {
  const ms = WHOLE_NUMBER.test(timestamp) ? Number(timestamp) : -1;
  return String(Math.min(Math.max(ms, FIRST_RECORD_TIME_MS), LAST_RECORD_TIME_MS));
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

function clip({ field, problem }: Problem): Problem {
  return { field: clipped(field, MAX_PROBLEM), problem: clipped(problem, MAX_PROBLEM) };
}

function sizesText(parts: readonly LetterPart[], sizes: Readonly<Record<LetterPart, number>>, most: number): string {
  if (parts.length === 0) return '';
  const each = parts.map((part) => `${part} (${sizes[part]} bytes)`).join(' and ');
  return ` Not kept, because it is larger than ${most} bytes: ${each}.`;
}

function digestOf(record: IncomingRecord, headers: string): Buffer {
  const hash = createHash('sha256')
    .update(record.key ?? '')
    .update('\u0000')
    .update(record.value ?? '');
  return hash.update(headers).digest().subarray(0, 16);
}
