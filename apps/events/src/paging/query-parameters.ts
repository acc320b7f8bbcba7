import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Schema } from '@tidings/openapi';
import { invalidQuery, nearestName } from '@tidings/runtime';
import type { ParameterRule } from './parameter-rules.js';

/** A query string may hold thousands. */
const MAX_UNKNOWN_NAMED = 10;

/** How often a parameter counts. */
type Occurrence = 'one' | 'many' | 'many-by-commas';

export interface ParameterOptions {
  readonly description: string;
  readonly example?: string;
  /** What its values have to be; undefined: any text. */
  readonly rule?: ParameterRule;
  /** For the document alone, instead of the rule's; without `^` and `$`. */
  readonly pattern?: string;
}

interface RepeatedOptions extends ParameterOptions {
  /** One occurrence may hold several values, separated by commas. */
  readonly commas?: boolean;
}

interface DeclaredParameter {
  readonly occurrence: Occurrence;
  readonly rule: ParameterRule | undefined;
}

type Declared = ReadonlyMap<string, DeclaredParameter>;

const declared = new WeakMap<object, Map<string, DeclaredParameter>>();

/** A parameter that counts once: of several, the last. An empty value counts as missing, as in Django. */
export const Parameter = (options: ParameterOptions): PropertyDecorator => declare('one', options);

/** A parameter that may be repeated: all of its values that are not empty, undefined when there is none. */
export const RepeatedParameter = ({ commas = false, ...options }: RepeatedOptions): PropertyDecorator =>
  declare(commas ? 'many-by-commas' : 'many', options);

/** Makes a class take parameters without effect: clients send them, and refusing them would help nobody. */
export function ignoreParameters(target: Type<object>, names: readonly string[]): void {
  for (const name of names) {
    Parameter({ description: 'Ignored; it has no effect here.', example: '1' })(target.prototype as object, name);
  }
}

/**
 * Reads a query string into a class of parameters, as leniently as Django does, whose clients expect it, and checks the
 * values by the parameters' rules. A parameter that the class does not have is refused: a misspelt filter must not widen
 * the answer to everything. This is the `readQuery` of {@link RequestPolicy}: class-transformer passes over names such as
 * `constructor`, and validating dozens of parameters would cost more than finding the events.
 * @throws {DomainError} `invalid_query`, with everything that is wrong, parameter by parameter
 */
export function readQuery<T extends object>(raw: unknown, type: Type<T>): T {
  const query = new type();
  const given = (raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
  const parameters = parametersOf(type.prototype as object);
  const wrong: [name: string, problems: string[]][] = [];
  for (const [name, { occurrence, rule }] of parameters) {
    if (!Object.hasOwn(given, name)) continue;
    const values = valuesOf(occurrence, [given[name] ?? []].flat());
    if (values.length === 0) continue;
    if (rule !== undefined && !values.every((value) => rule.holds(value))) wrong.push([name, [rule.problem]]);
    Object.assign(query, { [name]: occurrence === 'one' ? values[0] : values });
  }
  wrong.push(...unknownIn(given, parameters));
  if (wrong.length > 0) throw invalidQuery(Object.fromEntries(wrong));
  return query;
}

function declare(occurrence: Occurrence, options: ParameterOptions): PropertyDecorator {
  return applyDecorators(ApiProperty(documented(occurrence, options)), ((prototype, name) => {
    const own = declared.get(prototype) ?? new Map<string, DeclaredParameter>();
    declared.set(prototype, own.set(String(name), { occurrence, rule: options.rule }));
  }) satisfies PropertyDecorator);
}

const collected = new WeakMap<object, Declared>();

/** Those of the parent classes are among them, and come first. */
function parametersOf(prototype: object): Declared {
  const known = collected.get(prototype);
  if (known !== undefined) return known;
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const all = new Map([...(parent === null ? [] : parametersOf(parent)), ...(declared.get(prototype) ?? [])]);
  collected.set(prototype, all);
  return all;
}

function valuesOf(occurrence: Occurrence, values: readonly string[]): readonly string[] {
  const counted = occurrence === 'one' ? values.slice(-1) : values;
  const all = occurrence === 'many-by-commas' ? counted.flatMap((value) => value.split(',')) : counted;
  return all.filter((value) => value !== '');
}

function unknownIn(given: object, parameters: Declared): [name: string, problems: string[]][] {
  return Object.keys(given)
    .filter((name) => name !== '' && !parameters.has(name))
    .slice(0, MAX_UNKNOWN_NAMED)
    .map((name) => {
      const nearest = nearestName(name, [...parameters.keys()]);
      return [name, [`Unknown parameter.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`]];
    });
}

function documented(occurrence: Occurrence, { description, example = '', ...values }: ParameterOptions): object {
  const schema = valueSchema(occurrence, values);
  if (occurrence === 'one') return { ...schema, description, example, required: false };
  return {
    type: 'array',
    items: schema,
    style: 'form',
    explode: true,
    description: `${description} Repeatable${occurrence === 'many' ? '' : ', or separated by commas'}.`,
    example: [example],
    required: false,
  };
}

/** An empty value counts as missing: every schema accepts it. */
function valueSchema(
  occurrence: Occurrence,
  { rule, pattern = rule?.pattern }: Pick<ParameterOptions, 'rule' | 'pattern'>,
): Schema {
  if (rule?.values !== undefined) {
    if (occurrence !== 'many-by-commas') return { type: 'string', enum: [...rule.values, ''] };
    const one = `(${rule.values.join('|')})?`;
    return { type: 'string', pattern: `^(${one}(,${one})*)?$` };
  }
  return { type: 'string', ...(pattern !== undefined && { pattern: `^(${pattern})?$` }) };
}
