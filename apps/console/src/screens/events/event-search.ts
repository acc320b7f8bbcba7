import { secondsOf } from '../../parts/time-range.js';

/** What the address of the explorer says: filters under the API's own names, and the range of time. */
export type EventSearch = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Read by fields of their own; all others are chips. */
const FIELDS: ReadonlySet<string> = new Set(['q', 'system', 'outcome', 'from', 'to']);

/** What is neither a text nor a list of texts, or says nothing, is left out. */
export function readEventSearch(search: Readonly<Record<string, unknown>>): EventSearch {
  const entries = Object.entries(search).map(([name, given]): [string, string | readonly string[]] => {
    const values = [given].flat().filter((value): value is string => typeof value === 'string' && value !== '');
    return [name, values.length === 1 ? (values[0] ?? '') : values];
  });
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

/** One condition of the address. */
export interface FilterChip {
  readonly name: string;
  readonly value: string;
}

export function chipsOf(search: EventSearch): readonly FilterChip[] {
  return Object.entries(search)
    .filter(([name]) => !FIELDS.has(name))
    .flatMap(([name, values]) => [values ?? []].flat().map((value) => ({ name, value })));
}

/** The address with one more condition. */
export function withFilter(search: EventSearch, { name, value }: FilterChip): EventSearch {
  const values = [search[name] ?? []].flat();
  return values.includes(value) ? search : readEventSearch({ ...search, [name]: [...values, value] });
}

export function withoutFilter(search: EventSearch, { name, value }: FilterChip): EventSearch {
  const values = [search[name] ?? []].flat().filter((one) => one !== value);
  return readEventSearch({ ...search, [name]: values });
}

/** What the address asks the API for. @param now milliseconds, for what is said relative to it */
export function parametersOf(search: EventSearch, now: number): Readonly<Record<string, string | readonly string[]>> {
  const { from, to, ...filters } = search;
  const bound = (text: EventSearch[string]): string | undefined =>
    typeof text === 'string' ? secondsOf(text, now)?.toString() : undefined;
  const parameters: EventSearch = { ...filters, created_from: bound(from), created_to: bound(to) };
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined),
  );
}

/** The same as it stands behind a path. */
export function queryText(parameters: Readonly<Record<string, string | readonly string[]>>): string {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) search.append(name, value);
  }
  return search.toString();
}
