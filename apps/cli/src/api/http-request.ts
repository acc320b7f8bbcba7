import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

export interface HttpRequestOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request. Unlike fetch, which never calls the ports that browsers keep away from (4190 is one), it reaches any
 * port that a server listens on.
 * @throws what node:http emits where no answer comes
 */
export async function sendRequest(url: string, { body, ...options }: HttpRequestOptions): Promise<Response> {
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options);
  request.end(body);
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  const { statusCode: status = 0, headers } = message;
  const hasBody = ![204, 205, 304].includes(status);
  if (!hasBody) message.resume();
  const named = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  return new Response(hasBody ? (Readable.toWeb(message) as ReadableStream) : null, { status, headers: named });
}
