import { randomUUID } from 'node:crypto';
import type { ModulesContainer } from '@nestjs/core';
import type { ErrorAnswer } from './error-answer.js';

/** How a part of the API says its errors, where its clients expect another shape than all others. */
export interface ErrorDialect {
  /** Whether it is for a path, also for one that no route has. */
  covers(path: string): boolean;
  /**
   * The same error in its shape.
   * @param trace by which the log knows the error
   * @param path of the request
   */
  say(answer: ErrorAnswer, trace: string, path: string): ErrorAnswer;
  /** What the document calls the shape, and its JSON Schema; without it the document shows the general one. */
  readonly documented?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

/** Under this token a module provides its {@link ErrorDialect}, as a value. */
export const ERROR_DIALECT = Symbol('ErrorDialect');

/** Whether a path is `root`, which ends without a slash, or below it. */
export function isAtOrBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/** What the modules of an application provide. */
export function providedDialects(modules: ModulesContainer): readonly ErrorDialect[] {
  return [...modules.values()].flatMap((module) => {
    const provided: unknown = module.providers.get(ERROR_DIALECT)?.instance;
    return provided === undefined || provided === null ? [] : [provided as ErrorDialect];
  });
}

/** Says an answer as the clients of a path expect it. @returns without a trace where it is no other shape */
export function inDialect(
  answer: ErrorAnswer,
  path: string,
  dialects: readonly ErrorDialect[],
): { readonly answer: ErrorAnswer; readonly trace?: string } {
  const dialect = dialects.find((one) => one.covers(path));
  if (dialect === undefined) return { answer };
  const trace = randomUUID();
  return { answer: dialect.say(answer, trace, path), trace };
}
