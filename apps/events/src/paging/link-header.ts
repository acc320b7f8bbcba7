/** In the order in which they are written. */
const RELATIONS = ['first', 'prev', 'next', 'last'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What the parameters of another page are; one that is missing is left out. */
export interface PageTarget {
  readonly page?: string;
  readonly cursor?: string;
}

export type LinkTargets = Readonly<Partial<Record<Relation, PageTarget>>>;

/** In the order in which they are dispensable: without `next` a client would take this page for the last. */
const BY_IMPORTANCE: readonly Relation[] = ['next', 'prev', 'first', 'last'];

/** Clients and proxies refuse an answer whose headers are long, many of them at 16 KiB altogether. */
const MAX_LENGTH = 12 * 1024;
/** So that at least one link always fits. */
const MAX_URL_LENGTH = 10 * 1024;
const SEPARATOR = ', ';

/**
 * The `Link` header of a page. URLs are written anew from their parts, so that no comma, quote or angle bracket of the
 * request ends up in the header bare: one of the real clients splits at commas. Where a long query makes the links too
 * many, the less important are left out.
 * @param origin of the scheme and host, without a slash at its end; empty makes the links relative
 * @param url path and query as requested
 * @returns undefined when the query is too long for even one
 */
export function linkHeader(origin: string, url: string, targets: LinkTargets): string | undefined {
  const mark = url.indexOf('?');
  const path = escaped(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const to = (target: PageTarget): string => {
    const parameters = new URLSearchParams(query);
    for (const name of ['page', 'cursor'] as const) {
      const value = target[name];
      if (value === undefined) parameters.delete(name);
      else parameters.set(name, value);
    }
    const text = parameters.toString();
    return `${origin}${path}${text === '' ? '' : `?${text}`}`;
  };
  const links = new Map<Relation, string>();
  let length = 0;
  for (const relation of BY_IMPORTANCE) {
    const target = targets[relation];
    if (target === undefined) continue;
    const address = to(target);
    if (address.length > MAX_URL_LENGTH) return undefined;
    const link = `<${address}>; rel="${relation}"`;
    length += link.length + SEPARATOR.length;
    if (length <= MAX_LENGTH) links.set(relation, link);
  }
  return RELATIONS.flatMap((relation) => links.get(relation) ?? []).join(SEPARATOR);
}

function escaped(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+;=:@/%]/g, (character) => encodeURIComponent(character));
}
