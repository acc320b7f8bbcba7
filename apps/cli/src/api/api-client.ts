import { CommandFailure } from '../command-failure.js';
import { parseExact } from '../output/exact-json.js';
import type { Connection } from './connection.js';
import { refusalOf } from './refusal.js';
import { unreachable } from './unreachable.js';

/** Parameters of a URL; a list gives one a value, and what is undefined none. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly query?: Parameters | URLSearchParams;
  /** JSON text, or a form. */
  readonly body?: string | FormData;
  readonly contentType?: string;
  /** Statuses besides 2xx that are no failure to the caller. */
  readonly alsoGood?: readonly number[];
  /** Milliseconds. */
  readonly timeout?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** @throws {CommandFailure} where it is no JSON */
  json<T>(): T;
}

/** Longer than the server itself lets a query take. */
const TIMEOUT_MS = 60_000;

/** Speaks to the server, as any client does. */
export class ApiClient {
  constructor(readonly connection: Connection) {}

  /** @throws {CommandFailure} where there is no answer, or none that is good */
  async get(path: string, query: RequestOptions['query'] = {}): Promise<Answer> {
    return this.request('GET', path, { query });
  }

  /**
   * @param path below the server's URL, from its slash on
   * @throws {CommandFailure} where there is no answer, or none that is good
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { alsoGood = [], timeout = TIMEOUT_MS } = options;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(options.signal ? [options.signal] : [])]);
      const response = await this.open(method, path, { ...options, signal });
      const text = await response.text();
      if (!response.ok && !alsoGood.includes(response.status)) {
        throw refusalOf(response.status, text, `${method} ${path}`, this.connection);
      }
      const { status, headers } = response;
      return { status, headers, text, json: <T>() => this.parse(text, path) as T };
    } catch (error) {
      throw error instanceof CommandFailure ? error : unreachable(error, this.connection.url);
    }
  }

  /** Sends a request and gives its answer, whatever it is. @throws what fetch throws where none comes */
  async open(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { query = {}, body, contentType, signal } = options;
    const parameters = (query instanceof URLSearchParams ? query : searchOf(query)).toString();
    return fetch(`${this.connection.url}${path}${parameters === '' ? '' : `?${parameters}`}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(this.connection.token !== undefined && { authorization: `Bearer ${this.connection.token}` }),
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...options.headers,
      },
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    });
  }

  private parse(text: string, path: string): unknown {
    try {
      return parseExact(text);
    } catch {
      throw new CommandFailure('failed', `What answers at ${this.connection.url}${path} is not Tidings`, [
        'Look at --url, or TIDINGS_URL; a proxy in between may answer in its place.',
      ]);
    }
  }
}

/** Parameters as they stand in a URL. */
export function searchOf(parameters: Parameters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values ?? []].flat()) search.append(name, value);
  }
  return search;
}
