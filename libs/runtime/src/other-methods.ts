import type { FastifyInstance, HTTPMethods } from 'fastify';
import { DomainError } from './errors.js';

const METHODS = ['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies readonly HTTPMethods[];

/**
 * Answers 405 with `Allow` where a path exists and the method does not; otherwise Fastify says 404.
 * @returns call it when all routes are there, before the server listens
 */
export function answerOtherMethods(fastify: FastifyInstance): () => void {
  const methodsOfPath = new Map<string, { url: string; methods: Set<string> }>();
  fastify.addHook('onRoute', ({ url, method }) => {
    // Two routes may name the parameter of one path differently.
    const path = url.replace(/:[^/.-]+/g, ':').replace(/(?<=.)\/$/, '');
    const known = methodsOfPath.get(path) ?? { url, methods: new Set<string>() };
    for (const one of [method].flat()) known.methods.add(one);
    methodsOfPath.set(path, known);
  });
  return () => {
    for (const { url, methods } of [...methodsOfPath.values()]) {
      if (url.includes('*')) continue;
      const allow = [...methods].sort().join(', ');
      const missing = METHODS.filter((method) => !methods.has(method));
      for (const method of missing) {
        fastify.route({
          method,
          url,
          exposeHeadRoute: false,
          // Before the body is looked at, whatever its type.
          onRequest: (_request, reply, done) => {
            void reply.header('allow', allow);
            done(new DomainError('method_not_allowed', { method }));
          },
          handler: () => undefined,
        });
      }
    }
  };
}
