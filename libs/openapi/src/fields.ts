import { applyDecorators, type Type as ClassOf } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions, ApiSchema } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Schema } from './operation.js';

/** Transformations that only a pipe asks for; see {@link RequestPipe}. */
export const TRANSFORM = {
  query: 'query',
  nullIsMissing: 'null-is-missing',
  emptyIsMissing: 'empty-is-missing',
} as const;

/** What any member of a request or an answer can say of itself. */
export interface FieldOptions {
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  /** It may be left out. */
  readonly optional?: boolean;
  /** Null is a value of its own. */
  readonly nullable?: boolean;
}

interface TextOptions extends FieldOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** For the document alone. */
  readonly format?: string;
  /** What the sender of another value is told: "must be …". */
  readonly rule?: string;
}

interface IntegerOptions extends FieldOptions {
  readonly minimum?: number;
  readonly maximum?: number;
}

interface ListOptions extends FieldOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

export function TextField({
  minLength,
  maxLength,
  pattern,
  format,
  rule = textRule(minLength, maxLength),
  ...options
}: TextOptions = {}): PropertyDecorator {
  return field(
    { type: 'string', minLength, maxLength, pattern: pattern?.source, format },
    options,
    Satisfies((text) => {
      if (typeof text !== 'string') return rule;
      const length = [...text].length;
      const isFit = length >= (minLength ?? 0) && length <= (maxLength ?? Infinity) && (pattern?.test(text) ?? true);
      if (!isFit) return rule;
      // PostgreSQL's text cannot hold them, and nobody means them.
      return text.isWellFormed() && !text.includes('\0')
        ? undefined
        : 'must not have NUL characters or lone surrogates';
    }),
  );
}

/** A moment in ISO 8601. */
export function TimeField(options: FieldOptions = {}): PropertyDecorator {
  const message = 'must be a time in ISO 8601, as 2026-11-02T08:01:53Z';
  return field({ type: 'string', format: 'date-time' }, options, IsISO8601({ strict: true }, { message }));
}

/** One of a few texts. */
export function ChoiceField(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  const message = `must be one of ${values.join(', ')}`;
  return field({ type: 'string', enum: [...values] }, options, IsIn(values, { message }));
}

export function IntegerField({ minimum, maximum, ...options }: IntegerOptions = {}): PropertyDecorator {
  const message = integerRule(minimum, maximum);
  return field(
    { type: 'integer', minimum, maximum },
    options,
    Transform(({ value }: TransformFnParams): unknown => (isDigits(value) ? Number(value) : value), {
      groups: [TRANSFORM.query],
    }),
    IsInt({ message }),
    ...(minimum === undefined ? [] : [Min(minimum, { message })]),
    ...(maximum === undefined ? [] : [Max(maximum, { message })]),
  );
}

export function FlagField(options: FieldOptions = {}): PropertyDecorator {
  const written: Readonly<Record<string, boolean>> = { true: true, false: false };
  return field(
    { type: 'boolean' },
    options,
    Transform(({ value }: TransformFnParams): unknown => written[String(value)] ?? (value as unknown), {
      groups: [TRANSFORM.query],
    }),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** A JSON object whose members are not ours to know. */
export function JsonObjectField(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: 'object' }, options, IsObject({ message: 'must be a JSON object' }));
}

/** What no decorator here describes: any value, with a schema of its own; check it with {@link Satisfies}. */
export function AnyField(schema: Schema, options: FieldOptions = {}): PropertyDecorator {
  return field(
    schema,
    options,
    Satisfies(() => undefined),
  );
}

/** A member that clients of others send: it is refused, and the document does not have it. @param problem and what to do */
export function UnsupportedField(problem: string): PropertyDecorator {
  return Satisfies((value) => (value === undefined || value === null ? undefined : problem));
}

/** An object of another class. Nest's document takes the class from a function that is called `type`, and no other. */
export function NestedField(type: () => ClassOf, options: FieldOptions = {}): PropertyDecorator {
  const message = 'must be a JSON object';
  return field({ type: () => type() }, options, ValidateNested({ message }), IsObject({ message }), Type(type));
}

/** A list of objects of another class. */
export function NestedListField(
  type: () => ClassOf,
  { minItems, maxItems, ...options }: ListOptions = {},
): PropertyDecorator {
  return field(
    { type: () => type(), isArray: true, minItems, maxItems },
    options,
    ...listChecks(maxItems),
    ValidateNested({ each: true, message: 'must be a JSON object' }),
    Type(type),
  );
}

export function TextListField({ minItems, maxItems, ...options }: ListOptions = {}): PropertyDecorator {
  return field(
    { type: 'array', items: { type: 'string' }, minItems, maxItems },
    options,
    ...listChecks(maxItems),
    IsString({ each: true, message: 'must have texts only' }),
  );
}

/**
 * A check of a DTO's own, beside those of its field. It is called with whatever was sent.
 * @param problemOf what is wrong with a value, and of the whole object; undefined: nothing
 */
export function Satisfies(problemOf: (value: unknown, object: object) => string | undefined): PropertyDecorator {
  return ValidateBy({
    // Two on one property are two checks: class-validator tells them apart by their name.
    name: `satisfies ${problemOf.toString()}`,
    validator: {
      validate: (value, args) => problemOf(value, args?.object ?? {}) === undefined,
      defaultMessage: (args) => problemOf(args?.value, args?.object ?? {}) ?? '',
    },
  });
}

/** What a class says of itself beyond its members: its name in the document, an example, `minProperties` and the like. */
export const ClassSchema = (schema: Schema & { readonly name?: string }): ClassDecorator => ApiSchema(schema);

/** Nest would take the type from TypeScript, which says `object` of anything; the mark takes it away in the end. */
export const ANY_TYPE = 'x-any-type';

const OPTIONAL_BODIES = new WeakSet<object>();

/** A body of the class may be missing altogether; say so in the document, too: `@ApiBody({ type, required: false })`. */
export const OptionalBody = (): ClassDecorator => (type) => void OPTIONAL_BODIES.add(type);

export function isOptionalBody(type: object): boolean {
  return OPTIONAL_BODIES.has(type);
}

function field(
  schema: Schema,
  { optional = false, nullable = false, ...described }: FieldOptions,
  ...checks: readonly PropertyDecorator[]
): PropertyDecorator {
  const said = Object.entries({ ...schema, ...described, ...(nullable && { nullable }) });
  const options = {
    ...Object.fromEntries(said.filter(([, value]) => value !== undefined)),
    // Of an object with members of its own Nest asks for both.
    ...('required' in schema ? { selfRequired: !optional } : { required: !optional }),
    ...(!('type' in schema) && { [ANY_TYPE]: true }),
  };
  return applyDecorators(
    ApiProperty(options as ApiPropertyOptions),
    Transform(({ value }: TransformFnParams): unknown => (value === '' ? undefined : value), {
      groups: [TRANSFORM.emptyIsMissing],
    }),
    ...checks,
    ...(optional ? [ValidateIf((_object, value) => value !== undefined)] : []),
    nullable
      ? ValidateIf((_object, value) => value !== null)
      : Transform(({ value }: TransformFnParams): unknown => (value as unknown) ?? undefined, {
          groups: [TRANSFORM.nullIsMissing],
        }),
  );
}

function listChecks(maxItems: number | undefined): readonly PropertyDecorator[] {
  const message = maxItems === undefined ? 'must be an array' : `must be an array of up to ${maxItems} entries`;
  return [IsArray({ message }), ...(maxItems === undefined ? [] : [ArrayMaxSize(maxItems, { message })])];
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d{1,16}$/.test(value);
}

function integerRule(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return `must be a whole number from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `must be a whole number from ${minimum} on`;
  return maximum === undefined ? 'must be a whole number' : `must be a whole number up to ${maximum}`;
}

function textRule(minLength: number | undefined, maxLength: number | undefined): string {
  if (minLength !== undefined && maxLength !== undefined)
    return `must be a text of ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return `must be a text of up to ${maxLength} characters`;
  return minLength === undefined ? 'must be a text' : `must be a text of at least ${minLength} characters`;
}
