import { randomUUID } from 'node:crypto';
import type { ModulesContainer } from '@nestjs/core';
import type { ErrorAnswer } from './error-answer.js';

/** How a part of the API says its errors, where its clients expect another shape than all others. */
export interface ErrorDialect {
  /** Of the paths that it is for, also of those that no route has. */
  readonly prefix: string;
  /**
   * @param trace by which the log knows the error
   * @param path of the request
   */
  body(answer: ErrorAnswer, trace: string, path: string): Readonly<Record<string, unknown>>;
}

/** Under this token a module provides its {@link ErrorDialect}, as a value. */
export const ERROR_DIALECT = Symbol('ErrorDialect');

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
  const dialect = dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  if (dialect === undefined) return { answer };
  const trace = randomUUID();
  return { answer: { ...answer, body: dialect.body(answer, trace, path) }, trace };
}
