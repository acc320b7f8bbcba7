import { closest, distance } from 'fastest-levenshtein';

/** Comparing costs the product of the lengths, and names come from outside. */
const MAX_LENGTH = 100;

/** At most this many unknown names are reported. */
const MAX_UNKNOWN = 20;

/** The members that are not known: the first of them, where there are many. */
export function unknownNames(given: object, known: readonly string[]): readonly string[] {
  const unknown: string[] = [];
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) unknown.push(name);
    if (unknown.length === MAX_UNKNOWN) break;
  }
  return unknown;
}

/** The known name that a mistaken one probably means; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH || known.length === 0) return undefined;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.ceil(name.length / 3) ? nearest : undefined;
}
