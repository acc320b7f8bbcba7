import type { IncomingHttpHeaders } from 'node:http';
import { formatTime, isJsonObject, type JsonObject, nowMicros, parseJson, parseTime } from '@tidings/catalogue';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { type EventAttributes, memberText } from '@tidings/transport';
import { mediaTypeOf } from '../api/request-body.js';

/** An event that somebody sends. */
export interface SentEvent {
  readonly attributes: EventAttributes;
  /** JSON text, as it came. */
  readonly data: string;
}

const CORE = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema', 'datacontenttype'];
const REQUIRED = ['id', 'source', 'type'];
const HEADER_PREFIX = 'ce-';
const EXTENSION_NAME = /^[a-z0-9]+$/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
/** On the bus an id has its source's before it, and 2,048 is the most there. */
const MAX_ATTRIBUTE_BYTES = 2_000;
const JSON_TYPES = ['application/json', 'application/cloudevents+json'];

/**
 * Reads a CloudEvent: as JSON, which IBM's clients call `application/json`, or in binary mode.
 * @throws {DomainError} with everything that is wrong, attribute by attribute
 */
export function readSentEvent(headers: IncomingHttpHeaders, bytes: Buffer): SentEvent {
  const mediaType = mediaTypeOf(headers['content-type']);
  if (!JSON_TYPES.includes(mediaType)) throw new DomainError('unsupported_media_type', { mediaType });
  if (bytes.length === 0) throw new DomainError('empty_body');
  const text = bytes.toString('utf8');
  const json = parsed(text);
  const inHeaders = Object.entries(headers).filter(([name]) => name.startsWith(HEADER_PREFIX));
  if (inHeaders.length > 0) {
    const given = inHeaders.map(([name, value]) => [name.slice(HEADER_PREFIX.length), decoded(String(value))] as const);
    return { attributes: readAttributes(given), data: text };
  }
  if (!isJsonObject(json)) throw invalidQuery({ body: ['must be a CloudEvent, a JSON object'] });
  const attributes = readAttributes(Object.entries(json).filter(([name]) => name !== 'data'));
  return { attributes, data: memberText(text, 'data') ?? dataOf(json) };
}

/** An event without data has what IBM's clients say in its place. */
function dataOf({ ibmendefaultshort, ibmendefaultlong }: JsonObject): string {
  return JSON.stringify({ message: ibmendefaultshort, long_description: ibmendefaultlong });
}

function parsed(text: string): unknown {
  try {
    return parseJson(text).plain;
  } catch {
    throw new DomainError('malformed_json');
  }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function readAttributes(given: Iterable<readonly [name: string, value: unknown]>): EventAttributes {
  const problems: Record<string, string[]> = {};
  const core: Record<string, string> = {};
  const extensions: Record<string, string> = {};
  for (const [name, value] of given) {
    if (value === null || value === undefined) continue;
    const isCore = CORE.includes(name);
    const text = isCore ? (typeof value === 'string' ? value : undefined) : extensionText(value);
    const problem = attributeProblem(name, text, isCore);
    if (problem !== undefined) problems[name] = [problem];
    else if (isCore) core[name] = text ?? '';
    else extensions[name] = text ?? '';
  }
  for (const name of REQUIRED) {
    if (core[name] === undefined) problems[name] ??= ['is required, and must not be empty'];
  }
  if (core['specversion'] !== '1.0') problems['specversion'] ??= ['is required, and is 1.0'];
  if (Object.keys(problems).length > 0) throw invalidQuery(problems);
  const { id = '', source = '', type = '', subject, time, dataschema } = core;
  return {
    id,
    source,
    type,
    time: time ?? formatTime(nowMicros()),
    ...(subject !== undefined && { subject }),
    ...(dataschema !== undefined && { dataschema }),
    extensions,
  };
}

/** CloudEvents has no fractions: a boolean and a whole number are the only attributes besides strings. */
function extensionText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isInteger(value) ? String(value) : undefined;
}

function attributeProblem(name: string, text: string | undefined, isCore: boolean): string | undefined {
  if (!EXTENSION_NAME.test(name)) return 'is no name of an attribute: those are lower-case letters and digits';
  if (text === undefined) return isCore ? 'must be a string' : 'must be a string, a boolean or a whole number';
  if (!isCore) return text.includes('\u0000') ? 'must not have NUL characters' : undefined;
  if (text === '') return 'must not be empty; leave it out if there is none';
  if (UNPRINTABLE.test(text)) return 'must not have control characters or lone surrogates';
  if (Buffer.byteLength(text) > MAX_ATTRIBUTE_BYTES) return `must not be longer than ${MAX_ATTRIBUTE_BYTES} bytes`;
  if (name === 'time' && parseTime(text) === undefined) {
    return 'must be an RFC 3339 time with a zone, such as 2026-11-02T08:01:53Z';
  }
  if (name === 'datacontenttype' && !mediaTypeOf(text).endsWith('json')) return 'must be application/json';
  return undefined;
}
