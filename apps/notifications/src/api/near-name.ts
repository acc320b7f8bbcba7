import { nearestName } from '@tidings/runtime';

/** The name that was probably meant, or all there are. */
export function hint(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
}
