import type { ApiAnswer, ApiParameter, ErrorShape, Operation, Schema } from '@tidings/openapi';
import type { ErrorCode } from '@tidings/runtime';

export const UUID: Schema = { type: 'string', format: 'uuid' };
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const NAME: Schema = { type: 'string', minLength: 1, maxLength: 255 };
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

const INSTANCE_ID: ApiParameter = {
  name: 'instance_id',
  in: 'path',
  required: true,
  description: 'The instance’s id; `default` is the one that is there from the start.',
  schema: { type: 'string', minLength: 1 },
  example: 'default',
};

/** An id in a path. */
export function pathParameter(name: string, description: string, example = EXAMPLE_ID): ApiParameter {
  return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 }, example };
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
