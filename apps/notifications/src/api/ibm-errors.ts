import { type ErrorAnswer, type ErrorDialect, isAtOrBelow } from '@tidings/runtime';
import { API_ROOT } from './api-path.js';
import { missingOperation } from './missing-operations.js';

interface IbmError {
  readonly code: string;
  readonly message: string;
  /** Where to read on. */
  readonly more_info: string;
}

/** Where the API is described. */
const MORE_INFO = '/docs';

const TEXT = { type: 'string' };
const SCHEMA = {
  type: 'object',
  required: ['trace', 'status_code', 'errors'],
  properties: {
    trace: { type: 'string', format: 'uuid' },
    status_code: { type: 'integer' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message', 'more_info'],
        properties: { code: TEXT, message: TEXT, more_info: TEXT },
      },
    },
  },
};

/** Errors as the cores of IBM's SDKs read them. */
export const IBM_ERRORS: ErrorDialect = {
  documented: { name: 'EventNotificationsError', schema: SCHEMA },
  covers: (path) => isAtOrBelow(path, `/${API_ROOT}`),
  say: (answer, trace, path) => ({
    ...answer,
    body: { trace, status_code: answer.status, errors: errorsOf(toldMore(answer.status, answer.body, path)) },
  }),
};

/** A path that only IBM has is told from one that is misspelt. */
function toldMore(status: number, body: ErrorAnswer['body'], path: string): ErrorAnswer['body'] {
  const missing = status === 404 ? missingOperation(path) : undefined;
  return missing === undefined ? body : { ...body, detail: missing };
}

/** `{detail, code}`, or field names with what is wrong with each. */
function errorsOf(body: ErrorAnswer['body']): readonly IbmError[] {
  const { detail, code, errors } = body;
  if (typeof detail === 'string') {
    const more = Array.isArray(errors) ? errors.map(problemOf).filter((text) => text !== '') : [];
    const message = more.length === 0 ? detail : `${detail} ${more.join('; ')}`;
    return [{ code: typeof code === 'string' ? code : 'error', message, more_info: MORE_INFO }];
  }
  return Object.entries(body).flatMap(([field, problems]) =>
    [problems].flat().map((problem) => ({
      code: 'invalid_value',
      message: `${field}: ${String(problem)}`,
      more_info: MORE_INFO,
    })),
  );
}

function problemOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('problem' in error)) return '';
  const field = 'field' in error && error.field !== '' ? `${String(error.field)} ` : '';
  return `${field}${String(error.problem)}`;
}
