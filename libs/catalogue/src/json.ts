import { LosslessNumber, isSafeNumber, parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';
import { configure } from 'safe-stable-stringify';

/**
 * JSON as it came. JSON.parse keeps everything but numbers that a double cannot hold (2^53 and beyond, 1e400, seventeen
 * digits): those few texts take the slower lossless parser, in whose result such a number is a LosslessNumber.
 */

// A number that may not survive has an exponent or at least sixteen digits; nearly every event has neither.
const UNUSUAL_NUMBER = /\d[eE][+-]?\d|[\d.]{16}/;

/** A JSON object as parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ParsedJson {
  /** As JSON.parse gives it: for validation and for reading fields. */
  readonly plain: unknown;
  /** The same with unsafe numbers kept as LosslessNumber: for writing it again. The same object where none is there. */
  readonly exact: unknown;
}

/** Parses JSON text. @throws {SyntaxError} where it is not JSON */
export function parseJson(text: string): ParsedJson {
  const plain: unknown = JSON.parse(text);
  if (!UNUSUAL_NUMBER.test(text)) return { plain, exact: plain };
  const exact: unknown = parseLossless(text, null, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
  });
  return { plain, exact };
}

/** Writes a value of `parseJson().exact` as JSON text; numbers come out as they went in. */
export function stringifyJson(exact: unknown): string {
  let lossless = false;
  // JSON.stringify is several times faster; it serves unless a LosslessNumber is met on the way.
  const text = JSON.stringify(exact, (_key, value: unknown) => {
    if (value instanceof LosslessNumber) lossless = true;
    return value;
  });
  return (lossless ? stringifyLossless(exact) : text) ?? 'null';
}

const stable = configure({ deterministic: true, circularValue: Error });

/** One text for equal JSON values, whatever the order of their keys: for comparing and for deriving ids. */
export function canonicalJson(exact: unknown): string {
  return stable(exact, canonicalNumber) ?? 'null';
}

function canonicalNumber(_key: string, value: unknown): unknown {
  return value instanceof LosslessNumber ? { $number: value.value } : value;
}

/** Is it an object as JSON means it (no array, no null)? */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
