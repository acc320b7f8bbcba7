import type { FastifyInstance } from 'fastify';
import type { AnswerAt } from './error-answer.js';
import { sendAnswer } from './error-filter.js';
import { DomainError } from './errors.js';

/** Which methods the paths of a server have. */
export interface AllowedMethods {
  /**
   * @param url as a request names it, with its query or without
   * @returns as `Allow` says it; undefined where there is no such path
   */
  at(url: string): string | undefined;
}

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Answers 405 with `Allow` where a path exists and the method does not, whatever the method and before the body is
 * looked at; otherwise Fastify says 404. Call it before there are routes.
 */
export function answerOtherMethods(fastify: FastifyInstance, answerAt: AnswerAt): AllowedMethods {
  const known = new Map<string, KnownPath>();
  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const path = knownPath(known, url);
    for (const one of [method].flat()) path.methods.add(one);
  });
  const allowed: AllowedMethods = { at: (url) => allowAt([...known.values()], url) };
  fastify.addHook('onRequest', (request, reply, done) => {
    const allow = request.is404 ? allowed.at(request.url) : undefined;
    if (allow === undefined) {
      done();
      return;
    }
    void reply.header('allow', allow);
    sendAnswer(reply, answerAt(new DomainError('method_not_allowed', { method: request.method }), request.url));
  });
  return allowed;
}

/** Two routes may name the parameter of one path differently. */
function knownPath(known: Map<string, KnownPath>, url: string): KnownPath {
  const source = url
    .replace(/(?<=.)\/$/, '')
    .split(/(:[^/.-]+)/)
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const path = known.get(source) ?? { pattern: new RegExp(`^${source}/?$`), methods: new Set<string>() };
  known.set(source, path);
  return path;
}

function allowAt(known: readonly KnownPath[], url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((one) => [...one.methods]);
  return methods.length === 0 ? undefined : [...new Set(methods)].sort().join(', ');
}
