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

/** What takes everything that nobody else took. */
const CATCH_ALL = new Set(['*', '/*']);
/** A path that ends anywhere is less than any that names its parts. */
const ANY_REST = 100;

interface KnownPath {
  readonly pattern: RegExp;
  /** How many of its parts are open; where several paths fit, the one with the fewest is meant. */
  readonly openParts: number;
  readonly methods: Set<string>;
}

/**
 * Answers 405 with `Allow` where a path exists and the method does not, whatever the method and before the body is
 * looked at; otherwise Fastify says 404. Call it before there are routes.
 */
export function answerOtherMethods(fastify: FastifyInstance, answerAt: AnswerAt): AllowedMethods {
  const known = new Map<string, KnownPath>();
  fastify.addHook('onRoute', ({ url, method }) => {
    if (CATCH_ALL.has(url)) return;
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
  const parts = url.replace(/(?<=.)\/$/, '').split(/(:[^/.-]+|\*$)/);
  const source = parts.map(patternOf).join('');
  const openParts = parts.reduce((sum, part) => sum + (part === '*' ? ANY_REST : Number(part.startsWith(':'))), 0);
  const path = known.get(source) ?? { pattern: new RegExp(`^${source}/?$`), openParts, methods: new Set<string>() };
  known.set(source, path);
  return path;
}

function patternOf(part: string): string {
  if (part === '*') return '.*';
  return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function allowAt(known: readonly KnownPath[], url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const fitting = known.filter(({ pattern }) => pattern.test(path));
  const fewest = Math.min(...fitting.map(({ openParts }) => openParts));
  const methods = fitting.filter(({ openParts }) => openParts === fewest).flatMap((one) => [...one.methods]);
  return methods.length === 0 ? undefined : [...new Set(methods)].sort().join(', ');
}
