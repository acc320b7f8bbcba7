import { hyphenated, parseUuid } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';

/** @returns the uuid with hyphens. @throws {DomainError} `not_found` where it is none, for nothing has that id */
export function uuidNamed(text: string): string {
  const uuid = parseUuid(text);
  if (uuid === undefined) throw new DomainError('not_found');
  return hyphenated(uuid);
}

/** @returns what was found. @throws {DomainError} `not_found` */
export function found<T>(what: T | undefined): T {
  if (what === undefined) throw new DomainError('not_found');
  return what;
}
