import type { Socket } from 'node:net';
import type { AnswerAt } from './error-answer.js';
import { SAFE_HEADERS } from './error-filter.js';
import { DomainError, type ErrorCode } from './errors.js';

/** What Node says of a request that its parser gave up on; with `rawPacket`, what had arrived by then. */
type ParserError = Error & { readonly code?: string };

const CODES = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
} as const satisfies Readonly<Record<string, ErrorCode>>;

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** A method is a token of HTTP. A longer one than this is no method but noise. */
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]{1,40}) ([^ \r\n]+) HTTP\/1\.[01]\r?\n/;

/**
 * Answers requests that never become one, because Node's parser gives up on them, on the bare socket.
 * @param allowAt which methods a path has, as `Allow` says it
 */
export function brokenRequestAnswers(
  allowAt: (url: string) => string | undefined,
  answerAt: AnswerAt,
): (error: ParserError, socket: Socket) => void {
  return (error, socket) => {
    if (socket.writable && error.code !== 'ECONNRESET') socket.write(answerOf(error, allowAt, answerAt));
    socket.destroySoon();
  };
}

function answerOf(error: ParserError, allowAt: (url: string) => string | undefined, answerAt: AnswerAt): string {
  const unknown = error.code === 'HPE_INVALID_METHOD' ? requestLine(error) : undefined;
  const allow = unknown === undefined ? undefined : allowAt(unknown.url);
  const { status, body } = answerAt(
    unknown === undefined
      ? new DomainError(isListed(error.code) ? CODES[error.code] : 'malformed_request')
      : allow === undefined
        ? new DomainError('not_found')
        : new DomainError('method_not_allowed', { method: unknown.method }),
    unknown?.url ?? '',
  );
  const text = JSON.stringify(body);
  const headers = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`,
    ...(allow === undefined ? [] : [`allow: ${allow}`]),
    'content-type: application/json; charset=utf-8',
    ...Object.entries(SAFE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${text}`;
}

/** Node knows the methods of the standards; of any other it gives the bytes. */
function requestLine(error: Error): { method: string; url: string } | undefined {
  const packet = 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : '';
  const [, method, url] = REQUEST_LINE.exec(packet) ?? [];
  return method === undefined || url === undefined ? undefined : { method, url };
}

function isListed(code: string | undefined): code is keyof typeof CODES {
  return code !== undefined && Object.hasOwn(CODES, code);
}
