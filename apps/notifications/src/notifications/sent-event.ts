import type { IncomingHttpHeaders } from 'node:http';
import {
  ARRIVAL_TIME_EXTENSION,
  canonicalJson,
  EVENT_LIMITS,
  type GivenAttribute,
  isJsonObject,
  isNestedDeeper,
  type JsonObject,
  parseJson,
  parseMediaType,
  type Problem,
  readAttributes,
} from '@tidings/catalogue';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { type EventAttributes, memberText } from '@tidings/transport';
import { MEMBERS_EXTENSION, packedMembers, splitMembers } from '../matching/sent-members.js';

/** An event that somebody sends. */
export interface SentEvent {
  readonly attributes: EventAttributes;
  /** JSON text, as it came. */
  readonly data: string;
  /** The same text for the same content, whatever form it was sent in; a time of arrival is no part of it. */
  readonly content: string;
}

const HEADER_PREFIX = 'ce-';
const JSON_TYPES = ['application/json', 'application/cloudevents+json'];

/**
 * Reads a CloudEvent: as JSON, which IBM's clients call `application/json`, or in binary mode. What is no attribute by the
 * rules of CloudEvents goes along in {@link MEMBERS_EXTENSION}.
 * @throws {DomainError} with everything that is wrong, attribute by attribute
 */
export function readSentEvent(headers: IncomingHttpHeaders, bytes: Buffer): SentEvent {
  const { essence: mediaType } = parseMediaType(headers['content-type']);
  if (!JSON_TYPES.includes(mediaType)) throw new DomainError('unsupported_media_type', { mediaType });
  if (bytes.length === 0) throw new DomainError('empty_body');
  const given = attributesOfHeaders(headers);
  // In structured mode the data is one level down.
  const levels = EVENT_LIMITS.depth.value + (given === undefined ? 1 : 0);
  if (isNestedDeeper(bytes, levels)) {
    throw invalidQuery({ data: [`must not be nested deeper than ${EVENT_LIMITS.depth.value} levels`] });
  }
  const text = bytes.toString('utf8');
  const { plain, exact } = parsed(text);
  if (given !== undefined) return sentEventOf(given, text);
  if (!isJsonObject(plain) || !isJsonObject(exact))
    throw invalidQuery({ body: ['must be a CloudEvent, a JSON object'] });
  return sentEventOf(exact, dataOf(text, plain));
}

function sentEventOf(given: JsonObject, data: string): SentEvent {
  const { attributes: split, members } = splitMembers(given);
  const packed = Object.keys(members).length === 0 ? undefined : packedMembers(members);
  const all: GivenAttribute[] = [...split, ...(packed === undefined ? [] : [[MEMBERS_EXTENSION, packed] as const])];
  const reading = readAttributes(all);
  if ('problems' in reading) throw invalidQuery(fieldsOf(reading.problems, members));
  const { attributes } = reading;
  return { attributes, data, content: contentOf(attributes, data) };
}

function fieldsOf(problems: readonly Problem[], members: JsonObject): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { field, problem } of problems) {
    // The sender knows the members by their own names: the largest is what to leave out.
    const name = field === MEMBERS_EXTENSION ? largestOf(members) : field === '' ? 'body' : field;
    (fields[name] ??= []).push(problem);
  }
  return fields;
}

function largestOf(members: JsonObject): string {
  const sizes = Object.entries(members).map(([name, value]) => [canonicalJson(value).length, name] as const);
  const [, name] = sizes.reduce((largest, one) => (one[0] > largest[0] ? one : largest), [-1, ''] as const);
  return name.slice(0, EVENT_LIMITS.extensionName.value);
}

function contentOf({ extensions, ...attributes }: EventAttributes, data: string): string {
  const hasOwnTime = extensions?.[ARRIVAL_TIME_EXTENSION] === undefined;
  return canonicalJson({
    ...attributes,
    time: hasOwnTime ? attributes.time : null,
    extensions: extensions ?? {},
    data: parseJson(data).exact,
  });
}

/** The data as it came. An event without any has what IBM's clients say in its place. */
function dataOf(text: string, event: JsonObject): string {
  const { data_base64: base64, ibmendefaultshort, ibmendefaultlong } = event;
  const data = memberText(text, 'data');
  if (base64 === undefined || base64 === null) {
    return data ?? JSON.stringify({ message: ibmendefaultshort, long_description: ibmendefaultlong });
  }
  if (data !== undefined) throw invalidQuery({ data_base64: ['must not stand beside data; leave one of them out'] });
  const decoded = typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '';
  try {
    parseJson(decoded);
    return decoded;
  } catch {
    throw invalidQuery({ data_base64: ['must be the base64 of JSON; other data is not taken'] });
  }
}

function parsed(text: string): { readonly plain: unknown; readonly exact: unknown } {
  try {
    return parseJson(text);
  } catch {
    throw new DomainError('malformed_json');
  }
}

/** @returns undefined where the event is not in binary mode */
function attributesOfHeaders(headers: IncomingHttpHeaders): JsonObject | undefined {
  const given = Object.entries(headers).filter(([name]) => name.startsWith(HEADER_PREFIX));
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map(([name, value]) => [name.slice(HEADER_PREFIX.length), decoded(String(value))] as const),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
