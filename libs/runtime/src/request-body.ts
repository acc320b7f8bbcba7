import { PassThrough, type Readable } from 'node:stream';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from './errors.js';

/** How long a JSON body may take to arrive, milliseconds: nobody holds a connection by sending a byte now and then. */
const BODY_DEADLINE_MS = 30_000;

/**
 * Marks a route that reads its body itself: `@Body() body: Readable` is the request's stream, whatever its content type
 * and however long it is; undefined when the request has none. Nothing is collected, and no limit applies but the route's own.
 * A route may stop reading, or destroy the stream, and still answer.
 */
export const StreamedBody = () => RouteConfig({ streamedBody: true });

/**
 * Replaces Fastify's body parsers: streamed routes get the stream, all others take JSON up to the limit and nothing else.
 * @param limit the largest JSON body, bytes
 */
export function installBodyParsers(fastify: FastifyInstance, limit: number): void {
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (isStreamed(request)) {
      done(null, detached(payload));
      return;
    }
    const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (mediaType !== 'application/json') {
      done(new DomainError('unsupported_media_type', { mediaType }));
      return;
    }
    collectText(payload, limit).then(
      (text) => {
        // Clients that always name a content type send it with an empty body, too.
        if (text === '') done(null);
        else
          void parseJson(request, text, (error, body) => done(error ? new DomainError('malformed_json') : null, body));
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('The body could not be read')),
    );
  });
}

function isStreamed(request: FastifyRequest): boolean {
  const config: object = request.routeOptions.config;
  return 'streamedBody' in config && config.streamedBody === true;
}

/** The stream, decoupled from the connection: whoever destroys a request's own stream cuts off the answer, too. */
function detached(payload: Readable): Readable {
  const body = new PassThrough();
  const onError = (): void => void body.destroy(new DomainError('malformed_request'));
  payload.on('error', onError).on('close', () => {
    if (!payload.readableEnded) onError();
  });
  return payload.pipe(body);
}

/** Never destroys the stream: that would cut the connection before the answer is out. */
function collectText(payload: Readable, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (error?: Error): void => {
      clearTimeout(deadline);
      payload.off('data', onData).off('end', onEnd).off('error', settle).off('close', onClose);
      if (error === undefined) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(error);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(new DomainError('body_too_large', { limit }));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle();
    const onClose = (): void => settle(new DomainError('malformed_request'));
    const deadline = setTimeout(() => settle(new DomainError('request_timeout')), BODY_DEADLINE_MS);
    payload.on('data', onData).on('end', onEnd).on('error', settle).on('close', onClose);
  });
}
