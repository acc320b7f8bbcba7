import { ExactNumber, withExactNumbers } from '@tidings/catalogue';
import type { ExactPlace } from './render-loop.js';

/**
 * Where in an event there are numbers of which JSON.parse would lose digits. A renderer's thread has no parser of its
 * own for them, so it is told of the few there are.
 * @param eventText JSON
 */
export function exactPlaces(eventText: string): readonly ExactPlace[] {
  const exact = withExactNumbers(eventText, undefined);
  if (exact === undefined) return [];
  const places: ExactPlace[] = [];
  const open: { readonly value: unknown; readonly path: readonly (string | number)[] }[] = [{ value: exact, path: [] }];
  while (open.length > 0) {
    const { value, path } = open.pop() ?? { value: undefined, path: [] };
    if (value instanceof ExactNumber) places.push([path, value.value]);
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) open.push({ value: item, path: [...path, index] });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) open.push({ value: member, path: [...path, name] });
    }
  }
  return places;
}
