import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { PipeTransform } from '@nestjs/common';
import type { ApiParameter, DescribesQuery } from '@tidings/openapi';
import { invalidQuery, nearestName } from '@tidings/runtime';
import type { DescribedParameter, Occurrence, ParameterText } from './described-parameter.js';
import { apiParameters } from './parameter-description.js';

type QueryClass<T extends object> = new () => T;

/** A query string may hold thousands. */
const MAX_UNKNOWN_TOLD = 10;

const declared = new WeakMap<object, Map<string, DescribedParameter>>();

/** A parameter that counts once: of several, the last. Empty is as good as missing, as in Django. */
export const Parameter = (text: ParameterText = {}) => declare('one', text);

/**
 * A parameter that may be repeated: all of its values that are not empty, undefined when there is none.
 * `commas` says whether one occurrence may hold several values.
 */
export const RepeatedParameter = ({ commas = false, ...text }: ParameterText & { readonly commas?: boolean } = {}) =>
  declare(commas ? 'many-by-commas' : 'many', text);

/** Makes a class take parameters that change nothing: its clients send them, and are better served than refused. */
export function ignoreParameters(target: QueryClass<object>, names: readonly string[]): void {
  for (const name of names)
    Parameter({ description: 'Ignored: it changes nothing here.', example: '1' })(target.prototype as object, name);
}

function declare(occurrence: Occurrence, text: ParameterText): PropertyDecorator {
  return (prototype, name) => {
    const own = declared.get(prototype) ?? new Map<string, DescribedParameter>();
    declared.set(prototype, own.set(String(name), { ...text, name: String(name), occurrence }));
  };
}

/** A class that extends another has the other's parameters besides its own, which go before. */
function parametersOf(prototype: object | null): Map<string, DescribedParameter> {
  if (prototype === null) return new Map();
  const inherited = parametersOf(Object.getPrototypeOf(prototype) as object | null);
  return new Map([...inherited, ...(declared.get(prototype) ?? [])]);
}

/**
 * Reads a query string into a class of parameters and checks it by the class's rules. A parameter that the class does not
 * have is refused: a filter that is spelled wrong must not widen the answer to everything.
 * @throws {DomainError} `invalid_query`, with everything that is wrong, parameter by parameter
 */
export class QueryParameters<T extends object> implements PipeTransform<unknown, T>, DescribesQuery {
  private readonly parameters: readonly DescribedParameter[];
  /** The names of those that have rules. */
  private readonly ruled: ReadonlySet<string>;

  constructor(private readonly target: QueryClass<T>) {
    this.parameters = [...parametersOf(target.prototype as object).values()];
    const rules = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
    this.ruled = new Set(rules.map(({ propertyName }) => propertyName));
  }

  /** For the API's document. */
  describeQuery(): readonly ApiParameter[] {
    return apiParameters(this.target, this.parameters);
  }

  transform(raw: unknown): T {
    const query = new this.target();
    const given = (raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
    for (const { name, occurrence } of this.parameters) {
      const value = valueOf(occurrence, [given[name] ?? []].flat());
      if (value !== undefined) Object.assign(query, { [name]: value });
    }
    // The validator gathers a class's rules anew each time, which takes longer than anything else here.
    const errors = Object.keys(query).some((name) => this.ruled.has(name))
      ? validateSync(query, { skipMissingProperties: true, forbidUnknownValues: false })
      : [];
    const wrong = [...messagesOf(errors), ...this.unknownIn(given)];
    if (wrong.length > 0) throw invalidQuery(Object.fromEntries(wrong));
    return query;
  }

  private unknownIn(given: object): [name: string, messages: string[]][] {
    const known = this.parameters.map(({ name }) => name);
    return Object.keys(given)
      .filter((name) => name !== '' && !known.includes(name))
      .slice(0, MAX_UNKNOWN_TOLD)
      .map((name) => {
        const nearest = nearestName(name, known);
        return [name, [`Unknown parameter.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`]];
      });
  }
}

function valueOf(occurrence: Occurrence, values: readonly string[]): string | readonly string[] | undefined {
  if (occurrence === 'one') return values.at(-1) === '' ? undefined : values.at(-1);
  const all = occurrence === 'many' ? values : values.flatMap((value) => value.split(','));
  const filled = all.filter((value) => value !== '');
  return filled.length === 0 ? undefined : filled;
}

function messagesOf(errors: readonly ValidationError[]): [name: string, messages: string[]][] {
  return errors.map((error) => [error.property, Object.values(error.constraints ?? {})]);
}
