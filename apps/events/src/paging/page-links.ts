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

/**
 * The `Link` header of a page. The first page has no `page` parameter. URLs are written anew from their parts, so that
 * no comma, quote or angle bracket of the request ends up in the header bare: one of the real clients splits at commas.
 */
export function pageLinks({ origin, url, number, count }: ListedPage): string {
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
  const links: [relation: string, page: number][] = [['first', 1]];
  if (number > 1) links.push(['prev', number - 1]);
  if (number < count) links.push(['next', number + 1]);
  links.push(['last', count]);
  return links.map(([relation, page]) => `<${to(page)}>; rel="${relation}"`).join(', ');
}

function escaped(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+;=:@/%]/g, (character) => encodeURIComponent(character));
}
