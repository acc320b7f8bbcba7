import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { answerError, type ErrorAnswer } from '@tidings/runtime';
import type { FastifyReply } from 'fastify';

/** LXD knows callers that it trusts and others; it has no 401. */
const NOT_AUTHORIZED = 'not authorized';

/** Says an error as LXD does. @param error anything that was thrown */
export function answerLxdError(error: unknown): ErrorAnswer {
  const { status, body, headers, unexpected } = answerError(error);
  if (status === 401 || status === 403) return lxdAnswer(403, NOT_AUTHORIZED);
  return { ...lxdAnswer(status, textOf(body)), headers, unexpected };
}

/** An error in LXD's shape. */
export function lxdAnswer(status: number, text: string): ErrorAnswer {
  return {
    status,
    headers: {},
    body: { type: 'error', error: text, error_code: status },
    unexpected: false,
  };
}

/** `{detail}`, or parameter names with what is wrong with each. */
export function textOf(body: Readonly<Record<string, unknown>>): string {
  const { detail } = body;
  return typeof detail === 'string' ? detail : Object.values(body).flat().join('; ');
}

/** Errors of LXD's routes. */
@Catch()
export class LxdErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Lxd');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, headers, body, unexpected } = answerLxdError(error);
    if (unexpected) this.logger.error('A request failed', error instanceof Error ? error.stack : error);
    void reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
  }
}
