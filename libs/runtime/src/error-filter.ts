import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDomainError } from './errors.js';
import { answerError, type ErrorAnswer } from './error-answer.js';
import { inDialect, type ErrorDialect } from './error-dialect.js';

/** The one place where errors become HTTP. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  /** @param dialects asked when an error is said, for they come with the modules */
  constructor(private readonly dialects: () => readonly ErrorDialect[] = () => []) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { trace, answer } = inDialect(answerError(error), pathOf(request), this.dialects());
    const route = `${request.method} ${pathOf(request)}${trace === undefined ? '' : ` (trace ${trace})`}`;
    // A client that hangs up while it sends makes reading fail in many ways, none of which is a fault of ours.
    if (answer.unexpected && isAborted(request)) this.logger.debug(`${route} was aborted`);
    else if (answer.unexpected) this.logger.error(`${route} failed`, describe(error));
    else if (isDomainError(error) && error.cause instanceof Error) {
      this.logger.warn(`${route} was answered ${answer.status} ${error.code}: ${error.cause.message}`);
    }
    sendAnswer(reply, answer);
  }
}

/** On every answer: browsers take it for what its content type says, and for nothing else. */
export const SAFE_HEADERS = { 'x-content-type-options': 'nosniff' } as const;

/** Sends an error; or, when half an answer is out already, cuts the connection, so that nobody takes it for a whole one. */
export function sendAnswer(reply: FastifyReply, answer: ErrorAnswer): void {
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  // Fastify closes the connection where it did not read the body; the client, still sending, would lose the answer.
  reply.removeHeader('connection');
  void reply
    .code(answer.status)
    .headers({ ...SAFE_HEADERS, ...answer.headers })
    .type('application/json; charset=utf-8')
    .send(answer.body);
}

/**
 * The query string stays out of the log: it may hold what people search for. So does a path with a secret in it: of
 * such a route the declaration is told.
 */
export function pathOf(request: FastifyRequest): string {
  const route = request.routeOptions.url;
  return route?.includes(':secret') === true ? route : (request.url.split('?', 1)[0] ?? '');
}

function isAborted({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.stack ?? error.message;
  return error.cause === undefined ? text : `${text}\ncaused by ${describe(error.cause)}`;
}
