import { HttpException } from '@nestjs/common';
import { DomainError, isDomainError, type ErrorCode, ERRORS } from './errors.js';

/** An error as it is said over HTTP. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** True when nobody foresaw it, so that it belongs into the log with its stack. */
  readonly unexpected: boolean;
}

/** Says an error as the clients of a URL expect it. */
export type AnswerAt = (error: unknown, url: string) => ErrorAnswer;

/** Codes whose message needs no parameters. */
type PlainCode = {
  [C in ErrorCode]: (typeof ERRORS)[C]['message'] extends `${string}{${string}` ? never : C;
}[ErrorCode];

const DEFAULT_RETRY_AFTER_SECONDS = 5;

/** Fastify's own errors, by code; what is missing here goes by its status. */
const FASTIFY_CODES: Readonly<Record<string, PlainCode>> = {
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'url_too_long',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_NOT_FOUND: 'not_found',
};

/** What an exception of the framework means, by its status. */
const STATUS_CODES: Readonly<Record<number, PlainCode>> = {
  401: 'not_authenticated',
  403: 'permission_denied',
  404: 'not_found',
  408: 'request_timeout',
  414: 'url_too_long',
  431: 'headers_too_large',
};

/**
 * Turns whatever was thrown into an answer. Nothing of an unexpected error leaves the process.
 * @param error anything that was thrown
 */
export function answerError(error: unknown): ErrorAnswer {
  if (isDomainError(error)) return answerDomainError(error);
  if (error instanceof HttpException) {
    // Terminus reports health as an exception that brings its own body.
    const response = error.getResponse();
    if (typeof response === 'object' && 'status' in response && 'details' in response) {
      const status = error.getStatus();
      return { status, headers: headersOf(status), body: { ...response }, unexpected: false };
    }
    return answerStatus(error.getStatus(), error.message);
  }
  const code = fastifyCode(error);
  if (code !== undefined) return answerStatus(code.status, code.message, code.code);
  return answerDomainError(new DomainError('internal_error'));
}

function answerDomainError(error: DomainError): ErrorAnswer {
  const { status } = ERRORS[error.code];
  const body = error.details.fields ?? { detail: error.message, code: error.code, ...error.details.members };
  return { status, headers: headersOf(status, error.details.retryAfterSeconds), body, unexpected: status === 500 };
}

function headersOf(status: number, retryAfterSeconds?: number): Record<string, string> {
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const retryAfter = retryAfterSeconds ?? (status === 503 || status === 429 ? DEFAULT_RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  return headers;
}

function answerStatus(status: number, message: string, known?: PlainCode): ErrorAnswer {
  const code = known ?? STATUS_CODES[status];
  if (code !== undefined) return answerDomainError(plainError(code));
  // Of a content type that cannot even be read, the framework does not say what it is.
  if (status === 415) return answerDomainError(new DomainError('unsupported_media_type', { mediaType: '' }));
  if (status >= 400 && status < 500) {
    return { status, headers: {}, body: { detail: message, code: 'malformed_request' }, unexpected: false };
  }
  return answerDomainError(new DomainError('internal_error'));
}

/** One call for a union of codes; the compiler cannot see that none of them has parameters. */
function plainError(code: PlainCode): DomainError {
  return new DomainError<PlainCode>(code);
}

function fastifyCode(error: unknown): { status: number; message: string; code: PlainCode | undefined } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return undefined;
  if (typeof error.code !== 'string' || typeof error.statusCode !== 'number') return undefined;
  if (!error.code.startsWith('FST_')) return undefined;
  return { status: error.statusCode, message: error.message, code: FASTIFY_CODES[error.code] };
}
