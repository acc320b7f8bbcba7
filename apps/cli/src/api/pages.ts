import type { ApiClient, Parameters } from './api-client.js';
import { searchOf } from './api-client.js';

/** The longest page that the server gives. */
const LARGEST_PAGE = 300;
const LARGEST_IBM_PAGE = 100;

/**
 * A list, page by page along its `next` links: sealed positions that neither skip nor repeat while
 * events arrive.
 * @param limit the most entries
 * @param wanted what the message of a 404 names
 */
export async function* pagesOf<T>(
  api: ApiClient,
  path: string,
  parameters: Parameters,
  limit: number,
  wanted?: string,
): AsyncGenerator<readonly T[]> {
  let query: URLSearchParams | undefined = searchOf({
    ...parameters,
    page_size: String(Math.min(limit, LARGEST_PAGE)),
  });
  for (let left = limit; left > 0 && query !== undefined;) {
    const answer = await api.get(path, query, wanted);
    const page = answer.json<T[]>();
    yield page.slice(0, left);
    left -= page.length;
    query = nextQuery(answer.headers.get('link'));
  }
}

/** A list of the notification API, page by page. @param plural the member of the answer that holds it */
export async function* ibmPagesOf<T>(
  api: ApiClient,
  path: string,
  plural: string,
  parameters: Parameters,
  limit: number,
): AsyncGenerator<readonly T[]> {
  let query: URLSearchParams | undefined = searchOf({
    ...parameters,
    limit: String(Math.min(limit, LARGEST_IBM_PAGE)),
  });
  for (let left = limit; left > 0 && query !== undefined;) {
    const page: Readonly<Record<string, unknown>> = (await api.get(path, query)).json();
    const entries = (page[plural] ?? []) as readonly T[];
    yield entries.slice(0, left);
    left -= entries.length;
    const next = page['next'] as { readonly href?: string } | undefined;
    query = next?.href === undefined ? undefined : queryOf(next.href);
  }
}

/** Only the parameters of a link are followed: behind a proxy its host may be one that we cannot reach. */
function nextQuery(link: string | null): URLSearchParams | undefined {
  const [, target] = /<([^>]*)>; rel="next"/.exec(link ?? '') ?? [];
  return target === undefined ? undefined : queryOf(target);
}

function queryOf(link: string): URLSearchParams {
  return new URL(link, 'http://relative').searchParams;
}
