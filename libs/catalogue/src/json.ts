import { LosslessNumber, compareNumber, isSafeNumber, parse as parseLossless } from 'lossless-json';

/**
 * JSON as it came. JSON.parse keeps everything but numbers that a double cannot hold (2^53 and beyond, 1e400, seventeen
 * digits): those few texts take a slower parser, in whose result such a number is an object that knows its digits.
 */

/** A JSON object as parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ParsedJson {
  /** As JSON.parse gives it: for validation and for reading fields. */
  readonly plain: unknown;
  /** The same with unsafe numbers kept digit by digit: for writing it again. The same object where none is there. */
  readonly exact: unknown;
}

/**
 * Deeper JSON is refused: nothing that people mean is so deep, and whatever walks it level by level (JSON.stringify,
 * PostgreSQL, a client's parser) would run out of stack far from whoever sent it.
 */
export const MAX_JSON_DEPTH = 512;
const TOO_DEEP = `JSON nested deeper than ${MAX_JSON_DEPTH} levels`;

// A number that may not survive has an exponent or at least sixteen digits. Outside of strings a number follows one of
// these characters or begins the text; uuids and times, which are full of digits, hardly ever match.
const UNUSUAL_NUMBER = /(?:^|[\s:,[])-?\d(?:[\d.]{15}|[\d.]*[eE])/;

/** A number of which JSON.parse would lose digits; `value` has all of them, as they were written. */
export class ExactNumber extends LosslessNumber {
  // JSON.stringify cannot write the digits, but it can tell that there are some to be written.
  toJSON(): number {
    exactNumberMet = true;
    return Number(this.value);
  }
}

let exactNumberMet = false;

/** Parses JSON text. @throws {SyntaxError} where it is not JSON, or nested deeper than `MAX_JSON_DEPTH` */
export function parseJson(text: string): ParsedJson {
  const plain: unknown = JSON.parse(text);
  if (mayBeTooDeep(text) && isDeeper(plain, MAX_JSON_DEPTH)) throw new SyntaxError(TOO_DEEP);
  return { plain, exact: withExactNumbers(text, plain) };
}

/**
 * The same JSON with unsafe numbers kept digit by digit, for text that has been parsed already.
 * @param plain what JSON.parse made of the text: returned where the text has no such number
 */
export function withExactNumbers(text: string, plain: unknown): unknown {
  if (!UNUSUAL_NUMBER.test(text)) return plain;
  return parseLossless(text, null, {
    parseNumber: exactNumber,
    // As JSON.parse does: the last one counts.
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** The number that a JSON number's text stands for. @param digits as JSON writes numbers */
export function exactNumber(digits: string): number | ExactNumber {
  return isSafeNumber(digits) ? Number(digits) : new ExactNumber(digits);
}

/** Orders two numbers by their exact decimal values. @returns negative, 0 or positive */
export function compareNumbers(left: number | ExactNumber, right: number | ExactNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  return compareNumber(decimalOf(left), decimalOf(right));
}

function decimalOf(value: number | ExactNumber): string {
  return typeof value === 'number' ? String(value) : value.value;
}

/**
 * Writes a value of `parseJson().exact` as JSON text; numbers come out as they went in.
 * @throws {RangeError} when it is nested deeper than `MAX_JSON_DEPTH`, for nobody could read it
 */
export function stringifyJson(exact: unknown): string {
  exactNumberMet = false;
  let text: string | undefined;
  try {
    text = JSON.stringify(exact);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(TOO_DEEP, { cause: error }) : error;
  }
  if (text === undefined) return 'null';
  if (exactNumberMet) return write(exact, false, MAX_JSON_DEPTH) ?? 'null';
  if (mayBeTooDeep(text) && isDeeper(exact, MAX_JSON_DEPTH)) throw new RangeError(TOO_DEEP);
  return text;
}

/**
 * One text for equal JSON values, whatever the order of their keys: for comparing and for deriving ids.
 * @throws {RangeError} when the value is nested deeper than `MAX_JSON_DEPTH`
 */
export function canonicalJson(exact: unknown): string {
  return write(exact, true, MAX_JSON_DEPTH) ?? 'null';
}

/** Is it an object as JSON means it (no array, no null, no number that is kept as an object)? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

/** What JSON.stringify does, with the digits of exact numbers and, if asked for, the keys in order. */
function write(value: unknown, sorted: boolean, levels: number): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof LosslessNumber) return value.value;
  if (levels === 0) throw new RangeError(TOO_DEEP);
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value) items += `${items === '' ? '' : ','}${write(item, sorted, levels - 1) ?? 'null'}`;
    return `[${items}]`;
  }
  if (saysItself(value)) return write(value.toJSON(), sorted, levels - 1);
  const keys = Object.keys(value);
  if (sorted) keys.sort();
  let members = '';
  for (const key of keys) {
    const member = write((value as JsonObject)[key], sorted, levels - 1);
    if (member !== undefined) members += `${members === '' ? '' : ','}${quoted(key)}:${member}`;
  }
  return `{${members}}`;
}

/** A Date, say, in a payload that a producer has just made. */
function saysItself(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

// All but quotes, backslashes, control characters and halves of surrogate pairs, which JSON.stringify may escape.
const TO_BE_ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function quoted(text: string): string {
  return TO_BE_ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}

// Each level takes a bracket at either end, so nearly every event is spared the walk.
function mayBeTooDeep(text: string): boolean {
  return text.length > 2 * MAX_JSON_DEPTH;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(member, levels - 1)) return true;
  }
  return false;
}
