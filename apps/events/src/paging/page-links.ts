import { linkHeader, type PageTarget } from './link-header.js';

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
    first: {},
    ...(number > 1 && { prev: numberedPage(number - 1) }),
    ...(number < count && { next: numberedPage(number + 1) }),
    last: numberedPage(count),
  });
}

/** What names a page by its number; the first needs no name. */
export function numberedPage(number: number): PageTarget {
  return number <= 1 ? {} : { page: String(number) };
}
