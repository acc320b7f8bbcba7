import type { RouteAccess } from '@tidings/access';
import { type ErrorCode, type ErrorDialect, ERRORS } from '@tidings/runtime';
import type { ApiHeader, Operation, Schema } from './operation.js';

/** What any request at all can be answered. */
const ANYWHERE: readonly ErrorCode[] = [
  'malformed_url',
  'malformed_request',
  'request_timeout',
  'url_too_long',
  'headers_too_large',
  'internal_error',
  'overloaded',
];

const EXAMPLE_TRACE = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

const CLOSED: readonly ErrorCode[] = ['not_authenticated', 'invalid_token'];

const RETRY_AFTER: ApiHeader = {
  description: 'Seconds to wait before the next try.',
  schema: { type: 'integer' },
  example: 5,
};

/** What an answer of a status has in its headers besides. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, ApiHeader>>>> = {
  401: { 'WWW-Authenticate': { description: 'Always `Bearer`.', schema: { type: 'string' }, example: 'Bearer' } },
  429: { 'Retry-After': RETRY_AFTER },
  503: { 'Retry-After': RETRY_AFTER },
};

/** The answers of an operation that are errors, by status. */
export function errorAnswers(
  { errors = [] }: Operation,
  access: RouteAccess | undefined,
  hasQuery: boolean,
  dialect: ErrorDialect | undefined,
): Record<string, object> {
  const codes = new Set<ErrorCode>([
    ...ANYWHERE,
    ...(access === 'public' ? [] : CLOSED),
    ...(access === 'public' || access === 'authenticated' ? [] : (['permission_denied'] as const)),
    ...(hasQuery ? (['invalid_query'] as const) : []),
    ...errors,
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  return Object.fromEntries([...byStatus].map(([status, own]) => [String(status), errorAnswer(status, own, dialect)]));
}

function errorAnswer(status: number, codes: readonly ErrorCode[], dialect: ErrorDialect | undefined): object {
  const schemas = [
    ...(codes.includes('invalid_query') ? [{ $ref: '#/components/schemas/InvalidQuery' }] : []),
    ...(codes.some((code) => code !== 'invalid_query') ? [{ $ref: '#/components/schemas/Error' }] : []),
  ];
  const own = dialect === undefined ? undefined : { $ref: `#/components/schemas/${dialect.documented?.name}` };
  const schema = own ?? (schemas.length === 1 ? schemas[0] : { anyOf: schemas });
  const examples = Object.fromEntries(
    codes.map((code) => [code, { value: dialect === undefined ? exampleOf(code) : exampleIn(dialect, status, code) }]),
  );
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join(' '),
    ...(HEADERS[status] !== undefined && { headers: HEADERS[status] }),
    content: { 'application/json': { schema, examples } },
  };
}

function exampleIn(dialect: ErrorDialect, status: number, code: ErrorCode): object {
  const body = code === 'invalid_query' ? { name: ['is required'] } : exampleOf(code);
  return dialect.say({ status, headers: {}, body, unexpected: false }, EXAMPLE_TRACE, '').body;
}

function exampleOf(code: ErrorCode): Readonly<Record<string, unknown>> {
  if (code === 'invalid_query') return { created_from: ['must be a number of seconds since 1970-01-01'] };
  return { detail: ERRORS[code].message, code };
}

/** The shapes of errors, for the document's components. */
export function errorSchemas(dialects: readonly ErrorDialect[]): Readonly<Record<string, Schema>> {
  const own = dialects.flatMap(({ documented }) => documented ?? []).map(({ name, schema }) => [name, schema] as const);
  return { ...ERROR_SCHEMAS, ...Object.fromEntries(own) };
}

const ERROR_SCHEMAS = {
  Error: {
    type: 'object',
    description: 'Programs go by the code; the detail is for people.',
    required: ['detail', 'code'],
    properties: {
      detail: { type: 'string' },
      code: { type: 'string', enum: Object.keys(ERRORS) },
      errors: {
        type: 'array',
        description: 'Where it says more: what is wrong, field by field.',
        items: { type: 'object' },
      },
      nearest: { type: 'array', description: 'What may have been meant.', items: { type: 'string' } },
    },
  },
  InvalidQuery: {
    type: 'object',
    description: 'Which parameters are wrong, and why; without a code, as the clients of Waldur expect it.',
    additionalProperties: { type: 'array', items: { type: 'string' }, minItems: 1 },
  },
} as const;
