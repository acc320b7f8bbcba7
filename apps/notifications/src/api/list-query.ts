import type { PipeTransform } from '@nestjs/common';
import type { ApiParameter, DescribesQuery } from '@tidings/openapi';
import { invalidQuery, nearestName } from '@tidings/runtime';

/** Which part of a list is asked for. */
export interface ListSlice {
  readonly limit: number;
  readonly offset: number;
  /** In names and descriptions, whatever the case; undefined: all. */
  readonly search: string | undefined;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;
const MAX_SEARCH = 100;

const PARAMETERS: readonly ApiParameter[] = [
  {
    name: 'limit',
    in: 'query',
    description: 'How many entries at the most.',
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    example: DEFAULT_LIMIT,
  },
  {
    name: 'offset',
    in: 'query',
    description: 'How many entries to leave out before them.',
    schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
    example: 0,
  },
  {
    name: 'search',
    in: 'query',
    description: 'Only entries with this text in their name or description, whatever the case.',
    schema: { type: 'string', maxLength: MAX_SEARCH },
    example: 'production',
  },
];

/** Reads the parameters that every list takes. @throws {DomainError} `invalid_query`, parameter by parameter */
export class ListQuery implements PipeTransform<unknown, ListSlice>, DescribesQuery {
  describeQuery(): readonly ApiParameter[] {
    return PARAMETERS;
  }

  transform(raw: unknown): ListSlice {
    const problems: Record<string, string[]> = {};
    const given = (raw ?? {}) as Readonly<Record<string, string | string[] | undefined>>;
    const textOf = (name: string): string | undefined => {
      const text = [given[name] ?? []].flat().at(-1);
      return text === '' ? undefined : text;
    };
    const numberOf = (name: string, fallback: number, from: number, to: number): number => {
      const text = textOf(name);
      if (text === undefined) return fallback;
      const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
      if (value >= from && value <= to) return value;
      problems[name] = [`must be a whole number from ${from}${to < Number.MAX_SAFE_INTEGER ? ` to ${to}` : ' on'}`];
      return fallback;
    };
    const limit = numberOf('limit', DEFAULT_LIMIT, 1, MAX_LIMIT);
    const offset = numberOf('offset', 0, 0, Number.MAX_SAFE_INTEGER);
    const search = textOf('search');
    if (search !== undefined && ([...search].length > MAX_SEARCH || search.includes('\u0000'))) {
      problems['search'] = [`must not be longer than ${MAX_SEARCH} characters, and without NUL`];
    }
    const names = PARAMETERS.map(({ name }) => name);
    for (const name of Object.keys(given)
      .filter((one) => one !== '' && !names.includes(one))
      .slice(0, 10)) {
      const nearest = nearestName(name, names);
      problems[name] = [`is no parameter here${nearest === undefined ? '' : `; did you mean ${nearest}?`}`];
    }
    if (Object.keys(problems).length > 0) throw invalidQuery(problems);
    return { limit, offset, search };
  }
}
