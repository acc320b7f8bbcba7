import { SOURCE_FILTERS, type SourceFilter } from './source-filter.js';

/** What the address of the screen says. */
export interface SourceSearch {
  readonly show?: SourceFilter;
  readonly q?: string;
}

/** What is no filter, or takes all, is left out. */
export function readSourceSearch(search: Readonly<Record<string, unknown>>): SourceSearch {
  const show = SOURCE_FILTERS.find((filter) => filter !== 'all' && filter === search['show']);
  const { q } = search;
  return { ...(show !== undefined && { show }), ...(typeof q === 'string' && q !== '' && { q }) };
}
