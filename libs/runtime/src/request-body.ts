import { isUtf8 } from 'node:buffer';
import { PassThrough, Readable } from 'node:stream';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { HTTP_LIMITS, isNestedDeeper } from '@tidings/catalogue';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from './errors.js';
import { HeldBytes } from './held-bytes.js';

/** How often a streamed body is looked at, milliseconds. */
const WATCH_MS = 1_000;

/**
 * Marks a route that reads its body itself: `@Body() body: Readable` is the request's stream, whatever its content type
 * and however long it is; undefined when the request has none. Nothing is collected, and no limit applies but the route's
 * own and a least speed. A route may stop reading, or destroy the stream, and still answer.
 */
export const StreamedBody = () => RouteConfig({ streamedBody: true });

type JsonParser = ReturnType<FastifyInstance['getDefaultJsonParser']>;

/** Replaces Fastify's body parsers by one that leaves the body unread, for {@link RequestBodies}. */
export function leaveBodiesUnread(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify answers 415 to a content type that it cannot parse; a route that takes any type takes none as well.
    if (isStreamed(request) && (request.mediaType ?? '') === '') delete request.headers['content-type'];
    done();
  });
}

/**
 * Reads bodies behind the guards, so that callers who may not call a route can neither occupy memory nor fail anything:
 * streamed routes get the stream, all others take JSON up to a limit and nothing else.
 */
@Injectable()
export class RequestBodies implements NestInterceptor {
  private readonly held = new HeldBytes(HTTP_LIMITS.jsonBodies.value);
  private readonly parser: JsonParser;

  constructor(fastify: FastifyInstance) {
    this.parser = fastify.getDefaultJsonParser('error', 'error');
  }

  async intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { body } = request;
    if (body instanceof Readable) request.body = isStreamed(request) ? detached(body) : await this.json(request, body);
    return next.handle();
  }

  private async json(request: FastifyRequest, body: Readable): Promise<unknown> {
    const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (mediaType !== 'application/json') throw new DomainError('unsupported_media_type', { mediaType });
    const bytes = await this.collect(body);
    // Clients that always name a content type send it with an empty body, too.
    return bytes.length === 0 ? undefined : this.parsed(request, bytes);
  }

  /** Never destroys the stream: that would cut the connection before the answer is out. */
  private collect(body: Readable): Promise<Buffer> {
    const share = this.held.open();
    const limit = HTTP_LIMITS.jsonBody.value;
    const collected = new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const settle = (error?: unknown): void => {
        clearTimeout(deadline);
        body.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
        if (error === undefined) resolve(Buffer.concat(chunks));
        else reject(error instanceof Error ? error : new Error('The body could not be read'));
      };
      const onData = (chunk: Buffer): void => {
        size += chunk.length;
        chunks.push(chunk);
        try {
          if (size > limit) throw new DomainError('body_too_large', { limit });
          share.set(size);
        } catch (error) {
          settle(error);
        }
      };
      const onEnd = (): void => settle();
      const onCut = (): void => settle(new DomainError('malformed_request'));
      const deadline = setTimeout(() => settle(new DomainError('request_timeout')), HTTP_LIMITS.jsonBodyTime.value);
      body.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
    });
    return collected.finally(share.release);
  }

  private parsed(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
    // Read as text all the same, what differs in such bytes would become equal.
    if (!isUtf8(bytes)) throw malformed('is not valid UTF-8; JSON is sent as UTF-8');
    const levels = HTTP_LIMITS.jsonBodyDepth.value;
    // Before parsing: what walks the value afterwards may recurse.
    if (isNestedDeeper(bytes, levels)) throw malformed(`is nested more than ${levels} levels deep; flatten it`);
    return new Promise((resolve, reject) => {
      void this.parser(request, bytes.toString('utf8'), (error, body) => {
        if (error === null) resolve(body);
        else reject(new DomainError('malformed_json'));
      });
    });
  }
}

function malformed(problem: string): DomainError {
  return new DomainError('malformed_json', {}, { members: { errors: [{ field: '', problem }] } });
}

function isStreamed(request: FastifyRequest): boolean {
  const config: object = request.routeOptions.config;
  return 'streamedBody' in config && config.streamedBody === true;
}

/** The stream, decoupled from the connection: destroying a request's own stream would cut off the answer, too. */
function detached(payload: Readable): Readable {
  const body = new PassThrough();
  // A route that answers without reading leaves nobody to hear of an abort, and an unheard error ends the process.
  body.on('error', () => undefined);
  const onCut = (): void => void body.destroy(new DomainError('malformed_request'));
  payload.on('error', onCut).on('close', () => {
    if (!payload.readableEnded) onCut();
  });
  demandSpeed(payload, () => body.destroy(new DomainError('request_timeout')));
  return payload.pipe(body);
}

/** Counts the time in which the sender is waited for, which is not the time in which the route has no room for more. */
function demandSpeed(payload: Readable, onTooSlow: () => void): void {
  let size = 0;
  let waited = 0;
  payload.on('data', (chunk: Buffer) => (size += chunk.length));
  const watch = setInterval(() => {
    if (payload.readableFlowing !== true) return;
    waited += WATCH_MS;
    if (waited > HTTP_LIMITS.streamTime.value + (size / HTTP_LIMITS.streamSpeed.value) * 1_000) onTooSlow();
  }, WATCH_MS).unref();
  payload.once('close', () => clearInterval(watch)).once('end', () => clearInterval(watch));
}
