import { nearestName } from './nearest-name.js';
import { VARIABLES } from './variables.js';

const OURS = ['TIDINGS_', 'KAFKA_', 'DATABASE_', 'EMBEDDED_'];

/**
 * Warns of variables with one of our prefixes that are not known.
 * @param names the names of all variables that are set
 * @returns one line a name, with the nearest known name where one is near
 */
export function unknownVariables(names: readonly string[]): string[] {
  const known = Object.keys(VARIABLES);
  return names
    .filter((name) => OURS.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `${name}: is not a setting of Tidings${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
    });
}
