import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseUuid } from '@tidings/catalogue';
import { parseUnixSeconds } from './unix-seconds.js';

function rule(
  name: string,
  holds: (value: string) => boolean,
  message: string,
  options?: ValidationOptions,
  constraints: readonly unknown[] = [],
) {
  return ValidateBy(
    {
      name,
      validator: { validate: (value) => typeof value === 'string' && holds(value), defaultMessage: () => message },
      constraints: [...constraints],
    },
    options,
  );
}

/** 32 hex digits, with or without the hyphens of a uuid. */
export const IsUuidText = () =>
  rule('uuidText', (value) => parseUuid(value) !== undefined, 'must be a UUID: 32 hex digits, with or without hyphens');

/** Seconds since the Unix epoch, as `parseUnixSeconds` reads them. */
export const IsUnixSeconds = () =>
  rule('unixSeconds', (value) => parseUnixSeconds(value) !== undefined, 'must be a number of seconds since 1970-01-01');

/** Text without NUL, which PostgreSQL's text cannot hold. */
export const IsStorableText = (options?: ValidationOptions) =>
  rule('storableText', (value) => !value.includes('\u0000'), 'must not contain the character NUL', options);

/** One of the names, or each of a repeated parameter. */
export const IsOneOf = (names: readonly string[], options?: ValidationOptions) =>
  rule('oneOf', (value) => names.includes(value), `must be one of ${names.join(', ')}`, options, names);
