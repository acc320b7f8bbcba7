import { FilterError } from './filter.js';
import { parseFilter } from './filter-parser.js';

/** Passes everything: what a rule says where nothing is written. */
export const ALL = '$.*';

/** @returns why a text is no filter, with the place; undefined: it is one */
export function filterProblem(text: string): string | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return `cannot be read at position ${error.position}${nearBy(text, error.position)}: ${error.message}`;
  }
}

const AROUND = 12;

/** What stands at the place, for whoever does not count. */
function nearBy(text: string, position: number): string {
  if (position >= text.length) return ', its end';
  const from = Math.max(0, position - AROUND);
  const before = `${from > 0 ? '…' : ''}${text.slice(from, position)}`;
  const after = `${text.slice(position, position + AROUND)}${position + AROUND < text.length ? '…' : ''}`;
  return ` (${before}⟶${after})`;
}
