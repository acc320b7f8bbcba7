import { AnyField, type FieldOptions, Satisfies, TextField, UUID_PATTERN } from '@tidings/openapi';
import { applyDecorators } from '@nestjs/common';
import { hyphenated, isJsonObject, parseTime, parseUuid } from '@tidings/catalogue';
import { Transform, type TransformFnParams } from 'class-transformer';
import { MAX_FILTER_LENGTH } from '../rules/filter-parser.js';
import { filterProblem } from '../rules/filter-text.js';

/** What the examples of the API's document are of. */
export const EXAMPLE = {
  id: '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d',
  sourceId: '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d:api',
  time: '2026-11-02T08:01:53.204Z',
} as const;

const MAX_TEXT = 255;
const MAX_DEPTH = 32;
const WITHOUT_NUL = '^[^\\u0000]*$';
const PRINTABLE =
  '^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u0020\\u007f-\\u00a0][^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** The name that somebody gives to a thing. */
export function NameField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({
    minLength: 1,
    maxLength: MAX_TEXT,
    pattern: new RegExp(PRINTABLE, 'u'),
    rule: `must be a text of 1 to ${MAX_TEXT} printable characters`,
    ...options,
  });
}

export function DescriptionField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({
    maxLength: MAX_TEXT,
    pattern: new RegExp(WITHOUT_NUL),
    rule: `must be a text of up to ${MAX_TEXT} characters`,
    ...options,
  });
}

/** A name in an answer. */
export function ShownNameField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ minLength: 1, maxLength: MAX_TEXT, ...options });
}

/** A description in an answer. */
export function ShownDescriptionField(): PropertyDecorator {
  return TextField({ maxLength: MAX_TEXT, example: '' });
}

/** A uuid. */
export function IdField(options: FieldOptions & { readonly rule?: string } = {}): PropertyDecorator {
  return TextField({ format: 'uuid', example: EXAMPLE.id, ...options });
}

/** An id in a path: percent-encoded, it still fits the router's bound. */
export function PathIdField(description: string, example: string = EXAMPLE.id): PropertyDecorator {
  return TextField({ description, example, pattern: /^[!-~]*[0-9A-Za-z][!-~]*$/, maxLength: 150 });
}

/** The text of a filter. */
export function FilterField({
  minLength,
  ...options
}: FieldOptions & { readonly minLength?: number } = {}): PropertyDecorator {
  return applyDecorators(
    TextField({
      description: 'A filter: docs/RULES.md.',
      ...(minLength !== undefined && { minLength }),
      maxLength: MAX_FILTER_LENGTH,
      rule: `must be the text of a filter, of up to ${MAX_FILTER_LENGTH} characters`,
      ...options,
    }),
    Satisfies((text) => (typeof text === 'string' ? filterProblem(text) : undefined)),
  );
}

/** A JSON object that is kept as it is. @param schema more of its schema */
export function KeptObjectField(
  rule: string,
  options: FieldOptions & { readonly schema?: object } = {},
): PropertyDecorator {
  const { schema, ...field } = options;
  return applyDecorators(
    AnyField({ type: 'object', ...schema }, field),
    Satisfies((value) => (isJsonObject(value) ? storageProblem(value, MAX_DEPTH) : rule)),
  );
}

/** What PostgreSQL's JSON cannot hold, and what nobody means. */
export function storageProblem(value: unknown, depth = MAX_DEPTH): string | undefined {
  if (typeof value === 'string') {
    const isStorable = value.isWellFormed() && !value.includes('\u0000');
    return isStorable ? undefined : 'must not have NUL characters or lone surrogates';
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return `must not be nested deeper than ${MAX_DEPTH} levels`;
  for (const [name, inner] of Object.entries(value)) {
    const problem = storageProblem(name, depth) ?? storageProblem(inner, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** An instance in a path. */
export class InstancePath {
  @PathIdField('The instance’s id; `default` is the one that is there from the start.', 'default')
  instance_id!: string;
}

/** The id of another thing: a uuid, with hyphens in the end. */
export function ReferenceField(rule: string): PropertyDecorator {
  return applyDecorators(
    IdField({ rule }),
    Satisfies((text) => (typeof text !== 'string' || parseUuid(text) !== undefined ? undefined : rule)),
    Transform(({ value }: TransformFnParams): unknown => withHyphens(value)),
  );
}

const MOMENT_RULE = 'must be a time with its zone, for example 2026-11-02T08:00:00Z';

/** A time in a request, which its handler finds as a Date. */
export function MomentField(options: FieldOptions): PropertyDecorator {
  return applyDecorators(
    AnyField({ type: 'string', format: 'date-time' }, options),
    Transform(({ value }: TransformFnParams): unknown => (typeof value === 'string' ? momentOf(value) : value)),
    Satisfies((value) => (value instanceof Date ? undefined : MOMENT_RULE)),
  );
}

/** A uuid in a query, with hyphens or without; its handler finds it with them. */
export function UuidQueryField(description: string): PropertyDecorator {
  return applyDecorators(
    TextField({
      description,
      pattern: new RegExp(UUID_PATTERN),
      rule: 'must be a uuid',
      optional: true,
      example: EXAMPLE.id,
    }),
    Transform(({ value }: TransformFnParams): unknown => withHyphens(value)),
  );
}

function momentOf(text: string): Date | string {
  const micros = parseTime(text);
  const date = new Date(micros === undefined ? NaN : Number(micros / 1_000n));
  return Number.isNaN(date.getTime()) ? text : date;
}

function withHyphens(value: unknown): unknown {
  const uuid = typeof value === 'string' ? parseUuid(value) : undefined;
  return uuid === undefined ? value : hyphenated(uuid);
}
