import type { Type } from '@nestjs/common';
import { ApiOkResponse, type ApiResponseOptions } from '@nestjs/swagger';
import type { ApiAnswer, ApiHeader, Schema } from './operation.js';

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

/** @nestjs/swagger has its headers mutable. */
type ResponseHeaders = NonNullable<ApiResponseOptions['headers']>;

/** The route answers a page of a list. */
export function ApiPageResponse(description: string, type: Type): MethodDecorator {
  return ApiOkResponse({
    description,
    type: [type],
    headers: { 'X-Result-Count': COUNT, 'X-Result-Count-Exact': EXACT, Link: LINK } as unknown as ResponseHeaders,
  });
}

/** The route answers everything at once, and how much that is. */
export function ApiCountedResponse(answer: ApiResponseOptions, count: number): MethodDecorator {
  return ApiOkResponse({ ...answer, headers: { 'X-Result-Count': countHeader('How many there are.', count) } });
}

/** One thing, in the API's document. */
export function jsonAnswer(description: string, schema: Schema, example: unknown): ApiAnswer {
  return { description, content: { 'application/json': { schema, example } } };
}

/** A uuid with hyphens or without, as JSON Schema says it. */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$';
/** The number of a row, the same. */
export const NUMBER_PATTERN = '^[0-9]{1,19}$';

function countHeader(description: string, example: number): ApiHeader {
  return { description, schema: { type: 'integer', minimum: 0 }, example };
}
