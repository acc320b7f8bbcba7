import { validateSync, type ValidationError } from 'class-validator';
import type { PipeTransform } from '@nestjs/common';
import { invalidQuery } from '@tidings/runtime';

type Occurrence = 'one' | 'many' | 'many-by-commas';
type QueryClass<T extends object> = new () => T;

const declared = new WeakMap<object, Map<string, Occurrence>>();

/** A parameter that counts once: of several, the last. Empty is as good as missing, as in Django. */
export const Parameter = () => declare('one');

/**
 * A parameter that may be repeated: all of its values that are not empty, undefined when there is none.
 * @param commas whether one occurrence may hold several values
 */
export const RepeatedParameter = ({ commas = false } = {}) => declare(commas ? 'many-by-commas' : 'many');

function declare(occurrence: Occurrence): PropertyDecorator {
  return (prototype, name) => {
    const own = declared.get(prototype) ?? new Map<string, Occurrence>();
    declared.set(prototype, own.set(String(name), occurrence));
  };
}

/** A class that extends another has the other's parameters besides its own. */
function parametersOf(prototype: object | null): [name: string, occurrence: Occurrence][] {
  if (prototype === null) return [];
  return [...parametersOf(Object.getPrototypeOf(prototype) as object | null), ...(declared.get(prototype) ?? [])];
}

/**
 * Reads a query string into a class of parameters and checks it by the class's rules. Parameters that the class does not
 * have are ignored.
 * @throws {DomainError} `invalid_query`, with everything that is wrong, parameter by parameter
 */
export class QueryParameters<T extends object> implements PipeTransform<unknown, T> {
  private readonly parameters: readonly (readonly [name: string, occurrence: Occurrence])[];

  constructor(private readonly target: QueryClass<T>) {
    this.parameters = parametersOf(target.prototype as object);
  }

  transform(raw: unknown): T {
    const query = new this.target();
    const given = (raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
    for (const [name, occurrence] of this.parameters) {
      const value = valueOf(occurrence, [given[name] ?? []].flat());
      if (value !== undefined) Object.assign(query, { [name]: value });
    }
    const errors = validateSync(query, { skipMissingProperties: true, forbidUnknownValues: false });
    if (errors.length > 0) throw invalidQuery(messagesOf(errors));
    return query;
  }
}

function valueOf(occurrence: Occurrence, values: readonly string[]): string | readonly string[] | undefined {
  if (occurrence === 'one') return values.at(-1) === '' ? undefined : values.at(-1);
  const all = occurrence === 'many' ? values : values.flatMap((value) => value.split(','));
  const filled = all.filter((value) => value !== '');
  return filled.length === 0 ? undefined : filled;
}

function messagesOf(errors: readonly ValidationError[]): Record<string, string[]> {
  return Object.fromEntries(errors.map((error) => [error.property, Object.values(error.constraints ?? {})]));
}
