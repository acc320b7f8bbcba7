import { closest, distance } from 'fastest-levenshtein';

/** Comparing costs the product of the lengths, and names come from outside. */
const MAX_LENGTH = 100;

/** The known name that a mistaken one probably means; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH || known.length === 0) return undefined;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.ceil(name.length / 3) ? nearest : undefined;
}
