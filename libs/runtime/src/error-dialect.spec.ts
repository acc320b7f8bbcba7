import { expect, test } from 'vitest';
import type { ErrorAnswer } from './error-answer.js';
import { type ErrorDialect, inDialect, isAtOrBelow } from './error-dialect.js';

const ANSWER: ErrorAnswer = { status: 404, headers: {}, body: { detail: 'Not found.' }, unexpected: false };
const DIALECT: ErrorDialect = {
  covers: (path) => isAtOrBelow(path, '/other'),
  say: (answer, trace) => ({ ...answer, status: 410, body: { trace } }),
};

test('an error under a dialect’s path is said in it, with a trace', () => {
  for (const path of ['/other', '/other/deeper']) {
    const { answer, trace } = inDialect(ANSWER, path, [DIALECT]);
    expect(trace).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer).toEqual({ ...ANSWER, status: 410, body: { trace } });
  }
});

test('anywhere else it is said as ever', () => {
  for (const path of ['/', '/others', '/elsewhere/other']) {
    expect(inDialect(ANSWER, path, [DIALECT])).toEqual({ answer: ANSWER });
  }
});
