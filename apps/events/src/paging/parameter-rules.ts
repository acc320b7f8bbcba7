import { parseUuid } from '@tidings/catalogue';
import { parseUnixSeconds } from './unix-seconds.js';

/** What the value of a parameter has to be, or each one where it is repeated. */
export interface ParameterRule {
  readonly problem: string;
  /** The same as a regular expression of JSON Schema, without `^` and `$`, for the API's document. */
  readonly pattern?: string;
  /** All values, where they are few. */
  readonly values?: readonly string[];
  holds(value: string): boolean;
}

/** 32 hex digits, with or without the hyphens of a uuid. */
export const UUID_TEXT: ParameterRule = {
  problem: 'must be a UUID: 32 hex digits, with or without hyphens',
  pattern: '[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}',
  holds: (value) => parseUuid(value) !== undefined,
};

/** Seconds since the Unix epoch, as `parseUnixSeconds` reads them. */
export const UNIX_SECONDS: ParameterRule = {
  problem: 'must be a number of seconds since 1970-01-01',
  pattern: '\\s*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*',
  holds: (value) => parseUnixSeconds(value) !== undefined,
};

/** Text without NUL, which PostgreSQL's text cannot hold. */
export const STORABLE_TEXT: ParameterRule = {
  problem: 'must not contain the character NUL',
  pattern: '[^\\u0000]*',
  holds: (value) => !value.includes('\u0000'),
};

export const TRUE_OR_FALSE = oneOf(['true', 'false']);

export function oneOf(values: readonly string[]): ParameterRule {
  return { problem: `must be one of ${values.join(', ')}`, values, holds: (value) => values.includes(value) };
}

/** @param text a parameter with the rule {@link TRUE_OR_FALSE} */
export function flagOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
