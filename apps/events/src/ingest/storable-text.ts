import { toUSVString } from 'node:util';

const NUL = '\u0000';

/**
 * Text as PostgreSQL holds it: without NUL and without halves of surrogate pairs, which become U+FFFD. What is kept is then
 * what is read back, so that a copy of the event compares equal to it.
 */
export function storable(text: string): string {
  return toUSVString(text.includes(NUL) ? text.replaceAll(NUL, '\uFFFD') : text);
}
