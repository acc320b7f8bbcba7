import type { IncomingMessage } from 'node:http';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brokenRequestAnswers } from './broken-request.js';
import type { Environment } from './environment.js';
import { type AnswerAt, answerError } from './error-answer.js';
import { type ErrorDialect, inDialect, providedDialects } from './error-dialect.js';
import { ErrorFilter, SAFE_HEADERS, sendAnswer } from './error-filter.js';
import { answerOtherMethods } from './other-methods.js';
import { leaveBodiesUnread, RequestBodies } from './request-body.js';
import { closeWaitingAnswers } from './waiting-answers.js';
import { withWholeNames } from './whole-names.js';
import { StartError } from '@tidings/settings';

/** How patient the server is, milliseconds. Against clients that hold connections without using them. */
const PATIENCE = {
  /** The whole head of a request has to be here by then. */
  headers: 15_000,
  /** A connection on which nothing moves is closed; longer than any deadline of a handler. */
  silence: 120_000,
  /** After an answer, for the rest of a body that nobody reads. */
  lingering: 5_000,
  /** For requests in hand when the application closes; then their connections are cut. */
  closing: 4_000,
} as const;

const MAX_CONNECTIONS = 10_000;

/** Holds the application for providers that need the whole of it, as `SwaggerModule.createDocument` does. */
export class HttpApplicationHost {
  /** Set once all modules are created, before they are initialised. */
  app!: NestFastifyApplication;
}

/**
 * Builds and initialises an application: JSON bodies, errors in one shape, `/path` and `/path/` alike, HEAD for every
 * GET, 405 for methods that a path does not have. Repeated query parameters come as arrays. It does not listen yet.
 *
 * Closing it runs, in this order: `onModuleDestroy` and `beforeApplicationShutdown` (stop consuming here), the HTTP
 * server (requests in hand are answered), `onApplicationShutdown` (close publishers and databases here).
 * @throws what a module throws while it starts; everything started before it is closed again
 */
export async function createHttpApplication(
  module: Type | DynamicModule,
  logger: LoggerService,
): Promise<NestFastifyApplication> {
  const dialects: ErrorDialect[] = [];
  const answerAt: AnswerAt = (error, url) => inDialect(answerError(error), url.split('?', 1)[0] ?? '', dialects).answer;
  const adapter = new FastifyAdapter({
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    exposeHeadRoutes: true,
    rewriteUrl: (request: IncomingMessage) => withWholeNames(request.url ?? '/'),
    trustProxy: false,
    connectionTimeout: PATIENCE.silence,
    http: { headersTimeout: PATIENCE.headers, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: 'idle',
    clientErrorHandler: brokenRequestAnswers((url) => allowed.at(url), answerAt),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendAnswer(reply, answerAt(error, request.url)),
  });
  const fastify: FastifyInstance = adapter.getInstance();
  leaveBodiesUnread(fastify);
  fastify.addHook('onRequest', (_request, reply, done) => {
    // On the bare response, so that streams which write their own head have it, too.
    for (const [name, value] of Object.entries(SAFE_HEADERS)) reply.raw.setHeader(name, value);
    done();
  });
  boundConnections(fastify);
  closeWaitingAnswers(fastify);
  const allowed = answerOtherMethods(fastify, answerAt);
  const host = new HttpApplicationHost();
  const app = await NestFactory.create<NestFastifyApplication>(withHost(module, host), adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  host.app = app;
  dialects.push(...providedDialects(app.get(ModulesContainer)));
  app.useGlobalFilters(new ErrorFilter(() => dialects));
  app.useGlobalInterceptors(new RequestBodies(fastify));
  try {
    await app.init();
  } catch (error) {
    await app.close().catch((closing: unknown) => {
      logger.error('Closing after a failed start failed', closing);
    });
    throw error;
  }
  return app;
}

function withHost(module: Type | DynamicModule, host: HttpApplicationHost): DynamicModule {
  return {
    module: HttpApplicationHost,
    global: true,
    imports: [module],
    providers: [{ provide: HttpApplicationHost, useValue: host }],
    exports: [HttpApplicationHost],
  };
}

/**
 * Starts to listen.
 * @param where 0 as the port chooses a free one
 * @returns the URL to reach the application at, without a slash at its end
 * @throws {StartError} when the port cannot be had; the application is closed then
 */
export async function listen(app: NestFastifyApplication, where: Pick<Environment, 'host' | 'port'>): Promise<string> {
  try {
    await app.listen({ host: where.host, port: where.port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = LISTEN_PROBLEMS[code];
    if (reason === undefined) throw error;
    throw new StartError(`Cannot listen on ${where.host}:${where.port}: ${reason}`, { cause: error });
  }
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : where.port;
  const host = ['0.0.0.0', '::'].includes(where.host) ? '127.0.0.1' : where.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Stop what uses it, or set PORT to another one (0 chooses a free one).',
  EACCES: 'this user may not use that port. Set PORT to one above 1023.',
  EADDRNOTAVAIL: 'this machine does not have that address. Set HOST to one that it has.',
  ENOTFOUND: 'HOST is not a name that can be resolved.',
};

function boundConnections(fastify: FastifyInstance): void {
  fastify.server.maxConnections = MAX_CONNECTIONS;
  fastify.addHook('onResponse', (request, _reply, done) => {
    // An answer that came before the end of the body, say a 401 or a 413: the client may finish sending and read it, but
    // not for ever.
    if (!request.raw.complete) {
      // Node has forgotten a request that is answered: nothing else would end it when its connection does.
      const { socket } = request.raw;
      const end = (): void => void request.raw.destroy();
      const timer = setTimeout(end, PATIENCE.lingering).unref();
      socket.once('close', end);
      request.raw.once('close', () => {
        clearTimeout(timer);
        socket.off('close', end);
      });
      request.raw.unpipe();
      request.raw.resume();
    }
    done();
  });
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), PATIENCE.closing).unref();
    done();
  });
}
