import type { RouteAccess } from '@tidings/access';
import { type ErrorCode, ERRORS } from '@tidings/runtime';
import type { ApiHeader, ErrorShape, Operation, Schema } from './operation.js';

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
  { errors = [], errorShape }: Operation,
  access: RouteAccess | undefined,
  hasQuery: boolean,
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
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [String(status), errorAnswer(status, own, errorShape)]),
  );
}

function errorAnswer(status: number, codes: readonly ErrorCode[], shape: ErrorShape | undefined): object {
  const schemas = [
    ...(codes.includes('invalid_query') ? [{ $ref: '#/components/schemas/InvalidQuery' }] : []),
    ...(codes.some((code) => code !== 'invalid_query') ? [{ $ref: '#/components/schemas/Error' }] : []),
  ];
  const own = shape === undefined ? undefined : { $ref: `#/components/schemas/${shape.name}` };
  const schema = own ?? (schemas.length === 1 ? schemas[0] : { anyOf: schemas });
  const examples = Object.fromEntries(
    codes.map((code) => [code, { value: shape?.exampleOf(status, code, ERRORS[code].message) ?? exampleOf(code) }]),
  );
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join(' '),
    ...(HEADERS[status] !== undefined && { headers: HEADERS[status] }),
    content: { 'application/json': { schema, examples } },
  };
}

function exampleOf(code: ErrorCode): object {
  if (code === 'invalid_query') return { created_from: ['must be a number of seconds since 1970-01-01'] };
  return { detail: ERRORS[code].message, code };
}

/** The shapes of errors, for the document's components. @param operations of which some have a shape of their own */
export function errorSchemas(operations: Iterable<Operation>): Readonly<Record<string, Schema>> {
  const own = [...operations].flatMap(({ errorShape }) => errorShape ?? []);
  return { ...ERROR_SCHEMAS, ...Object.fromEntries(own.map(({ name, schema }) => [name, schema])) };
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
