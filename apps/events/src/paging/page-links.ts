import { linkHeader } from './link-header.js';

/** Where a list stands: what the links to its other pages are made from. */
export interface ListedPage {
  /** Of the scheme and host, without a slash at its end; empty makes the links relative. */
  readonly origin: string;
  /** Path and query as requested. */
  readonly url: string;
  /** The page's own number, from 1. */
  readonly number: number;
  /** How many pages there are, at least 1. */
  readonly count: number;
}

/**
 * The `Link` header of a numbered page. The first page has no `page` parameter.
 * @returns undefined when the query is too long to be repeated
 */
export function pageLinks({ origin, url, number, count }: ListedPage): string | undefined {
  return linkHeader(origin, url, {
    first: null,
    ...(number > 1 && { prev: pageParameter(number - 1) }),
    ...(number < count && { next: pageParameter(number + 1) }),
    last: pageParameter(count),
  });
}

/** What names a page; the first needs no name. */
export function pageParameter(number: number): string | null {
  return number === 1 ? null : String(number);
}
