import type { ApiAnswer, ApiHeader, ApiParameter, Schema } from './operation.js';

const COUNT = countHeader(
  'How many entries the whole list has under its filters; a bound where `X-Result-Count-Exact` says false.',
  4711,
);

const EXACT = {
  description: 'Says `false` where the count is a bound only; then `Link` names no last page.',
  schema: { type: 'string', enum: ['false'] },
  example: 'false',
} as const;

const LINK = {
  description: 'Where the other pages are: `first`, `prev`, `next` and `last`, as far as there are any.',
  schema: { type: 'string' },
  example: '<http://127.0.0.1:4100/api/events/?page=2>; rel="next"',
} as const;

/** A page of a list, in the API's document. */
export function listAnswer(description: string, items: Schema, example: readonly unknown[]): ApiAnswer {
  return {
    description,
    headers: { 'X-Result-Count': COUNT, 'X-Result-Count-Exact': EXACT, Link: LINK },
    content: { 'application/json': { schema: { type: 'array', items }, example } },
  };
}

/** All there is, at once, and how much that is. */
export function countedAnswer(description: string, schema: Schema, example: unknown, count: number): ApiAnswer {
  return {
    ...jsonAnswer(description, schema, example),
    headers: { 'X-Result-Count': countHeader('How many there are.', count) },
  };
}

/** One thing, in the API's document. */
export function jsonAnswer(description: string, schema: Schema, example: unknown): ApiAnswer {
  return { description, content: { 'application/json': { schema, example } } };
}

/** A uuid with hyphens or without, as JSON Schema says it. */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$';
/** The number of a row, the same. */
export const NUMBER_PATTERN = '^[0-9]{1,19}$';

/** The `id` of a path, in the API's document. What is no id is answered 404, as one that nothing has. */
export function idParameter(description: string, example: string, pattern: string): ApiParameter {
  return { name: 'id', in: 'path', required: true, description, schema: { type: 'string', pattern }, example };
}

function countHeader(description: string, example: number): ApiHeader {
  return { description, schema: { type: 'integer', minimum: 0 }, example };
}
