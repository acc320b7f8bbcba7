import { CommandFailure } from '../command-failure.js';
import { parseExact } from '../output/exact-json.js';
import type { Connection } from './connection.js';
import { sendRequest } from './http-request.js';
import { type RefusalContext, refusalOf } from './refusal.js';
import { unreachable } from './unreachable.js';

/** Parameters of a URL; a list gives one a value, and what is undefined none. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly query?: Parameters | URLSearchParams;
  readonly body?: string;
  readonly contentType?: string;
  /** Statuses besides 2xx that the caller reads itself. */
  readonly alsoGood?: readonly number[];
  /** What is asked for by a name or an id, as "delivery 7"; the message of a 404 names it. */
  readonly wanted?: string;
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

/** Longer than the server lets a query take. */
const TIMEOUT_MS = 60_000;

/** Calls the server, as any client does. */
export class ApiClient {
  /** @param optionFor how the command that runs names a parameter or a field */
  constructor(
    readonly connection: Connection,
    private readonly optionFor?: RefusalContext['optionFor'],
  ) {}

  /** @throws {CommandFailure} where there is no answer, or none that is good */
  async get(path: string, query: RequestOptions['query'] = {}, wanted?: string): Promise<Answer> {
    return this.request('GET', path, { query, ...(wanted !== undefined && { wanted }) });
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
        throw this.refusal(response.status, text, options.wanted);
      }
      const { status, headers } = response;
      return { status, headers, text, json: <T>() => this.parse(text, path) as T };
    } catch (error) {
      throw error instanceof CommandFailure ? error : unreachable(error, this.connection);
    }
  }

  /**
   * Opens an answer that is read as it comes, however long that takes.
   * @throws {CommandFailure} where there is no answer, or none that is good
   */
  async stream(path: string, query: Parameters): Promise<{ readonly body: ReadableStream<Uint8Array> }> {
    let response: Response;
    try {
      response = await this.open('GET', path, { query });
    } catch (error) {
      throw unreachable(error, this.connection);
    }
    if (!response.ok || response.body === null) throw this.refusal(response.status, await response.text());
    return { body: response.body as ReadableStream<Uint8Array> };
  }

  /** The failure that the user sees for an error response. */
  refusal(status: number, body: string, wanted?: string): CommandFailure {
    return refusalOf(status, body, { connection: this.connection, wanted, optionFor: this.optionFor });
  }

  /** Sends a request and gives its answer, whatever it is. @throws what node:http emits where none comes */
  async open(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { query = {}, body, contentType, signal } = options;
    const parameters = (query instanceof URLSearchParams ? query : searchOf(query)).toString();
    return sendRequest(`${this.connection.url}${path}${parameters === '' ? '' : `?${parameters}`}`, {
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
      throw new CommandFailure('failed', `${this.connection.url}${path} was not answered by Tidings`, [
        `The URL is from ${this.connection.urlOrigin}; a proxy in between may have answered.`,
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
