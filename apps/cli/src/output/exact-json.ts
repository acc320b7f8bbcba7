import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** A number that a double may not hold has an exponent or sixteen digits; few texts have one. */
const UNUSUAL_NUMBER = /(?:^|[\s:,[])-?\d(?:[\d.]{15}|[\d.]*[eE])/;

/**
 * Parses JSON; numbers that a double cannot hold are kept digit by digit.
 * @throws {SyntaxError} where it is not JSON
 */
export function parseExact(text: string): unknown {
  if (!UNUSUAL_NUMBER.test(text)) return JSON.parse(text) as unknown;
  // The other parser says less of what is wrong.
  JSON.parse(text);
  return parse(text, null, {
    parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** Writes what {@link parseExact} gave. @param indent spaces a level; on one line without it */
export function stringifyExact(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? 'null';
}

/** Is it an object as JSON means it? */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
}

/** A value as it stands in a cell: text as it is, nothing for null, JSON for what is made of parts. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return stringifyExact(value);
}
