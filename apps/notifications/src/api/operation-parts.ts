import type { ApiAnswer, ApiParameter, ErrorShape, Operation, Schema } from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';
import { MAX_FILTER_LENGTH } from '../rules/filter-parser.js';

export const UUID: Schema = { type: 'string', format: 'uuid' };
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const NAME: Schema = { type: 'string', minLength: 1, maxLength: 255 };
/** As requests bring it. */
export const NEW_NAME: Schema = {
  ...NAME,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u0020\\u007f-\\u00a0][^\\u0000-\\u001f\\u007f-\\u009f]*$',
};
/** As requests bring it: PostgreSQL's texts hold no NUL. */
export const NEW_DESCRIPTION: Schema = { type: 'string', maxLength: 255, pattern: '^[^\\u0000]*$' };
/** The text of a filter. */
export const FILTER_TEXT: Schema = {
  type: 'string',
  maxLength: MAX_FILTER_LENGTH,
  description: 'A filter: docs/RULES.md.',
};
export const DESCRIPTION: Schema = { type: 'string', maxLength: 255 };
export const TEXT: Schema = { type: 'string' };
export const TEXTS: Schema = { type: 'array', items: TEXT };
export const FLAG: Schema = { type: 'boolean' };
export const COUNT: Schema = { type: 'integer', minimum: 0 };

export const EXAMPLE_ID = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';
export const EXAMPLE_TIME = '2026-11-02T08:01:53.204Z';

/** All members are there; and others may be. */
export function objectOf(properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema {
  return { type: 'object', required, properties };
}

/**
 * What a request may bring: these members and no others. Null is as good as leaving out what may be left out.
 * @param required that cannot be left out
 */
export function draftOf(properties: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  const members = Object.entries(properties).map(([name, schema]) => [
    name,
    required.includes(name) ? schema : orNull(schema),
  ]);
  return { type: 'object', additionalProperties: false, required, properties: Object.fromEntries(members) as Schema };
}

function orNull(schema: Schema): Schema {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return schema;
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }) };
}

/** An id in a path: percent-encoded, it still fits the router's bound. */
const PATH_ID: Schema = { type: 'string', pattern: '^[!-~]*[0-9A-Za-z][!-~]*$', maxLength: 150 };

const INSTANCE_ID: ApiParameter = {
  name: 'instance_id',
  in: 'path',
  required: true,
  description: 'The instance’s id; `default` is the one that is there from the start.',
  schema: PATH_ID,
  example: 'default',
};

/** An id in a path. */
export function pathParameter(name: string, description: string, example = EXAMPLE_ID): ApiParameter {
  return { name, in: 'path', required: true, description, schema: PATH_ID, example };
}

export function jsonAnswer(description: string, schema: Schema, example: unknown): ApiAnswer {
  return { description, content: { 'application/json': { schema, example } } };
}

/** A page of a list. @param plural under which name the entries are */
export function listAnswer(plural: string, item: Schema, example: unknown): ApiAnswer {
  const link = objectOf({ href: TEXT });
  const schema: Schema = {
    ...objectOf({ total_count: COUNT, offset: COUNT, limit: COUNT, [plural]: { type: 'array', items: item } }),
    properties: {
      total_count: COUNT,
      offset: COUNT,
      limit: COUNT,
      [plural]: { type: 'array', items: item },
      first: link,
      previous: link,
      next: link,
    },
  };
  return jsonAnswer('A page.', schema, { total_count: 1, offset: 0, limit: 10, [plural]: [example] });
}

/** What a request brings as JSON. */
export function jsonBody(description: string, schema: Schema, example: unknown, required = true) {
  return { description, required, content: { 'application/json': { schema, example } } };
}

const IBM_ERROR: Schema = objectOf({
  trace: UUID,
  status_code: { type: 'integer' },
  errors: { type: 'array', items: objectOf({ code: TEXT, message: TEXT, more_info: TEXT }) },
});

const IBM_SHAPE: ErrorShape = {
  name: 'EventNotificationsError',
  schema: IBM_ERROR,
  exampleOf: (status, code, message) => ({
    trace: EXAMPLE_ID,
    status_code: status,
    errors: [
      code === 'invalid_query'
        ? { code: 'invalid_value', message: 'name: is required', more_info: '/docs' }
        : { code, message, more_info: '/docs' },
    ],
  }),
};

/** How anything with a JSON body can fail. */
export const BODY_ERRORS: readonly ErrorCode[] = [
  'invalid_query',
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
];

/** An operation of the admin API: its errors are IBM's. */
export function adminOperation(operation: Operation): Operation {
  const errors: readonly ErrorCode[] = [...(operation.errors ?? []), 'database_unavailable'];
  return { ...operation, errors, errorShape: IBM_SHAPE };
}

/** An operation within an instance. */
export function instanceOperation(operation: Operation): Operation {
  return adminOperation({
    ...operation,
    parameters: [INSTANCE_ID, ...(operation.parameters ?? [])],
    errors: ['not_found', ...(operation.errors ?? [])],
  });
}
