import { isUtf8 } from 'node:buffer';
import {
  EVENT_LIMITS,
  isJsonMediaType,
  isJsonObject,
  isNestedDeeper,
  parseMediaType,
  readAttributes,
  type JsonObject,
  type Problem,
} from '@tidings/catalogue';
import type { DecodedRecord } from './decoded-record.js';
import { memberText } from './json-member.js';

/** Members of a structured event that are not its attributes. */
const DATA_MEMBERS = new Set(['data', 'data_base64']);
const OPEN_BRACE = 0x7b;
const TOO_DEEP = `is nested more than ${EVENT_LIMITS.depth.value} levels deep`;

/**
 * Reads an event in structured mode: the message's value is the whole event in the JSON format.
 * @param arrival tells the time of an event that has none, microseconds since the Unix epoch; the present unless it does
 */
export function decodeStructured(
  value: Buffer | null,
  native: boolean,
  arrival?: () => bigint | undefined,
): DecodedRecord {
  const undecodable = (problems: readonly Problem[]): DecodedRecord => ({ kind: 'undecodable', problems, native });
  if (value === null || value.length === 0) return undecodable([{ field: '', problem: 'the message is empty' }]);
  if (!isUtf8(value)) return undecodable([{ field: '', problem: 'the message is not UTF-8' }]);
  // The event around its data is a level of its own.
  if (isNestedDeeper(value, EVENT_LIMITS.depth.value + 1)) return undecodable([{ field: 'data', problem: TOO_DEEP }]);
  const text = value.toString('utf8');
  const members = parsed(text);
  if (members === undefined) return undecodable([{ field: '', problem: 'the message is not a JSON object' }]);
  const problems: Problem[] = [];
  const reading = readAttributes(
    Object.entries(members).filter(([name]) => !DATA_MEMBERS.has(name)),
    arrival,
  );
  if ('problems' in reading) problems.push(...reading.problems);
  const data = dataOf(text, members, problems);
  if (problems.length > 0 || data === undefined || 'problems' in reading) return undecodable(problems);
  return { kind: 'event', event: reading.attributes, micros: reading.micros, data, native };
}

/** Is it an event in the JSON format that nobody marked as one? Only for what has no `ce_` headers. */
export function looksStructured(value: Buffer | null): boolean {
  if (value === null || firstLetter(value) !== OPEN_BRACE || !value.includes('"specversion"')) return false;
  if (isNestedDeeper(value, EVENT_LIMITS.depth.value + 1)) return true;
  const members = parsed(value.toString('utf8'));
  return members !== undefined && Object.hasOwn(members, 'specversion');
}

function firstLetter(value: Buffer): number | undefined {
  return value.find((byte) => byte > 0x20);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function dataOf(text: string, members: JsonObject, problems: Problem[]): Buffer | undefined {
  const { datacontenttype, data_base64: base64 } = members;
  // It has been complained of already.
  if (typeof datacontenttype === 'string' && !isJsonMediaType(parseMediaType(datacontenttype).essence))
    return undefined;
  const hasData = Object.hasOwn(members, 'data');
  if (base64 === undefined || base64 === null) {
    if (hasData) return Buffer.from(memberText(text, 'data') ?? 'null');
    problems.push({ field: 'data', problem: 'is missing' });
    return undefined;
  }
  const problem = hasData ? 'must not stand beside data; leave one out' : base64Problem(base64);
  if (problem === undefined) return Buffer.from(base64 as string, 'base64');
  problems.push({ field: 'data_base64', problem });
  return undefined;
}

function base64Problem(base64: unknown): string | undefined {
  if (typeof base64 !== 'string' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    return 'must be base64';
  }
  const data = Buffer.from(base64, 'base64');
  if (isNestedDeeper(data, EVENT_LIMITS.depth.value)) return TOO_DEEP;
  return isJson(data) ? undefined : 'does not hold JSON';
}

function isJson(data: Buffer): boolean {
  try {
    JSON.parse(data.toString('utf8'));
    return isUtf8(data);
  } catch {
    return false;
  }
}
