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

const PAGE = 'page';

/** In the order in which they are written. */
const RELATIONS = ['first', 'prev', 'next', 'last'] as const;
type Relation = (typeof RELATIONS)[number];

/** In the order in which they are dispensable: without `next` a client would take this page for the last. */
const BY_IMPORTANCE: readonly Relation[] = ['next', 'prev', 'first', 'last'];

/** Clients and proxies refuse an answer whose headers are long, many of them at 16 KiB altogether. */
const MAX_LENGTH = 12 * 1024;
/** So that at least one link always fits. */
const MAX_URL_LENGTH = 10 * 1024;

/**
 * The `Link` header of a page. The first page has no `page` parameter. URLs are written anew from their parts, so that
 * no comma, quote or angle bracket of the request ends up in the header bare: one of the real clients splits at commas.
 * Where a long query makes the links too many, the less important are left out.
 * @returns undefined when the query is too long for even one
 */
export function pageLinks({ origin, url, number, count }: ListedPage): string | undefined {
  const mark = url.indexOf('?');
  const path = escaped(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const to = (page: number): string => {
    const parameters = new URLSearchParams(query);
    if (page === 1) parameters.delete(PAGE);
    else parameters.set(PAGE, String(page));
    const text = parameters.toString();
    return `${origin}${path}${text === '' ? '' : `?${text}`}`;
  };
  if (to(count).length > MAX_URL_LENGTH) return undefined;
  const pages: Readonly<Record<Relation, number | undefined>> = {
    first: 1,
    prev: number > 1 ? number - 1 : undefined,
    next: number < count ? number + 1 : undefined,
    last: count,
  };
  const links = new Map<Relation, string>();
  let length = 0;
  for (const relation of BY_IMPORTANCE) {
    const page = pages[relation];
    if (page === undefined) continue;
    const link = `<${to(page)}>; rel="${relation}"`;
    length += link.length + SEPARATOR.length;
    if (length <= MAX_LENGTH) links.set(relation, link);
  }
  return RELATIONS.flatMap((relation) => links.get(relation) ?? []).join(SEPARATOR);
}

const SEPARATOR = ', ';

function escaped(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+;=:@/%]/g, (character) => encodeURIComponent(character));
}
