import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorCode, ERRORS } from './errors.js';

/** An error as it is said over HTTP. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** True when nobody foresaw it, so that it belongs into the log with its stack. */
  readonly unexpected: boolean;
}

const DEFAULT_RETRY_AFTER_SECONDS = 5;

/** Fastify's own errors, by code; what is missing here goes by its status. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'url_too_long',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty_body',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_NOT_FOUND: 'not_found',
};

/** What an exception of the framework means, by its status. */
const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
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
  if (error instanceof DomainError) return answerDomainError(error);
  if (error instanceof HttpException) {
    // Terminus reports health as an exception that brings its own body.
    const response = error.getResponse();
    if (typeof response === 'object' && 'status' in response && 'details' in response) {
      return { status: error.getStatus(), headers: {}, body: { ...response }, unexpected: false };
    }
    return answerStatus(error.getStatus(), error.message);
  }
  const code = fastifyCode(error);
  if (code !== undefined) return answerStatus(code.status, code.message, code.code);
  return { ...answerDomainError(new DomainError('internal_error')), unexpected: true };
}

function answerDomainError(error: DomainError): ErrorAnswer {
  const { status } = ERRORS[error.code];
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const retryAfter = error.details.retryAfterSeconds ?? (status === 503 ? DEFAULT_RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  const body = error.details.fields ?? { detail: error.message, code: error.code, ...error.details.members };
  return { status, headers, body, unexpected: error.cause !== undefined && status >= 500 };
}

function answerStatus(status: number, message: string, known?: ErrorCode): ErrorAnswer {
  const code = known ?? STATUS_CODES[status];
  if (code !== undefined && isPlain(code)) return answerDomainError(new DomainError(code));
  if (status >= 400 && status < 500) {
    return { status, headers: {}, body: { detail: message, code: 'malformed_request' }, unexpected: false };
  }
  return { ...answerDomainError(new DomainError('internal_error')), unexpected: true };
}

type PlainCode = 'malformed_url' | 'malformed_json' | 'empty_body' | 'malformed_request' | 'not_found';

/** Codes whose message needs no parameters. */
function isPlain(code: ErrorCode): code is PlainCode {
  return !ERRORS[code].message.includes('{');
}

function fastifyCode(error: unknown): { status: number; message: string; code: ErrorCode | undefined } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return undefined;
  if (typeof error.code !== 'string' || typeof error.statusCode !== 'number') return undefined;
  if (!error.code.startsWith('FST_')) return undefined;
  return { status: error.statusCode, message: error.message, code: FASTIFY_CODES[error.code] };
}
