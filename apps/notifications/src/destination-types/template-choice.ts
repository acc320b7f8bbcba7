import { hyphenated, parseUuid } from '@tidings/catalogue';
import type { MemberReader } from './member-reader.js';

/**
 * Reads the id of a template among a subscription's attributes.
 * @returns the id in the one spelling that templates are looked up by; empty where the request said that there is none, which
 *   comes back as it was given; undefined where nothing was said
 */
export function templateChoice(reader: MemberReader, name: string): string | undefined {
  const value = reader.value(name);
  if (value === undefined || value === '') return value;
  const id = typeof value === 'string' ? parseUuid(value) : undefined;
  if (id !== undefined) return hyphenated(id);
  reader.wrong(name, 'must be the id of a template, or empty for none');
  return undefined;
}
