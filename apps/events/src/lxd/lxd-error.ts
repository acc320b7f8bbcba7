import { answerError, type ErrorAnswer, type ErrorDialect, isAtOrBelow } from '@tidings/runtime';

/** LXD knows callers that it trusts and others; it has no 401. */
const NOT_AUTHORIZED = 'not authorized';

/**
 * Errors as LXD's clients read them, on its paths whoever says no: also where LXD has a path that is not served here, and
 * for methods that a path does not have.
 */
export const LXD_ERRORS: ErrorDialect = {
  covers: (path) => path === '/' || isAtOrBelow(path, '/1.0'),
  say: inLxdShape,
};

/** Says an error as LXD does. @param error anything that was thrown */
export function answerLxdError(error: unknown): ErrorAnswer {
  return inLxdShape(answerError(error));
}

/** An error in LXD's shape. */
export function lxdAnswer(status: number, text: string): ErrorAnswer {
  return {
    status,
    headers: {},
    body: { type: 'error', error: text, error_code: status },
    unexpected: false,
  };
}

function inLxdShape({ status, body, headers, unexpected }: ErrorAnswer): ErrorAnswer {
  if (status === 401 || status === 403) return lxdAnswer(403, NOT_AUTHORIZED);
  return { ...lxdAnswer(status, status === 404 ? 'not found' : textOf(body)), headers, unexpected };
}

/** `{detail}`, or parameter names with what is wrong with each. */
function textOf(body: Readonly<Record<string, unknown>>): string {
  const { detail } = body;
  return typeof detail === 'string' ? detail : Object.values(body).flat().join('; ');
}
