import createClient from 'openapi-fetch';
import type { paths } from '../../generated/openapi.d.ts';
import { networkProblem, problemOf } from './problem.js';
import { renewedToken, sessionState } from './session.js';

/** Where the server is: the page says where it is itself, and the API is one step up. No slash at its end. */
export const SERVER = new URL('..', document.baseURI).href.replace(/\/$/, '');

/** Says who asks. Where the token is refused, another is asked for, and the request is sent again with that. */
async function signedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const token = sessionState().session?.token;
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(request);
  if (response.status !== 401 || token === undefined) return response;
  again.headers.set('authorization', `Bearer ${await renewedToken()}`);
  return fetch(again);
}

/** The documented API, and nothing else: what is not in docs/openapi.json does not compile. */
export const api = createClient<paths>({ baseUrl: SERVER, fetch: signedFetch });

/** For the moment before anybody has signed in. @param token whose holder is asked about */
export const openApi = createClient<paths>({ baseUrl: SERVER });

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** A page of one of Waldur's lists: what surrounds it is said in headers. */
export interface ListPage<T> {
  readonly entries: T;
  /** The `page` of the next one; undefined: this is the last. */
  readonly next: string | undefined;
  /** Undefined: the server does not say. */
  readonly total: number | undefined;
  readonly isExact: boolean;
}

/** A page of a list, with what its headers say. @throws {ApiProblem} as {@link answerOf} */
export async function pageOf<T>(request: Promise<Outcome<T>>): Promise<ListPage<T>> {
  const entries = await answerOf(request);
  const { headers } = (await request).response;
  const next = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  const total = headers.get('x-result-count');
  return {
    entries,
    next: next === undefined ? undefined : (new URL(next, SERVER).searchParams.get('page') ?? undefined),
    total: total === null ? undefined : Number(total),
    isExact: headers.get('x-result-count-exact') !== 'false',
  };
}

/** What a request is answered with. @throws {ApiProblem} where it is refused, or there is no answer */
export async function answerOf<T>(request: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await request.catch((problem: unknown) => {
    // What `fetch` throws where there is no answer; a request that was called off stays that.
    throw problem instanceof TypeError ? networkProblem() : problem;
  });
  if (!response.ok) throw problemOf(response.status, error, response.headers.get('retry-after'));
  return data as T;
}
