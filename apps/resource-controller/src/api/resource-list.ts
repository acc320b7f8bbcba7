import type { PipeTransform } from '@nestjs/common';
import type { ApiParameter, DescribesQuery } from '@tidings/openapi';
import { invalidQuery } from '@tidings/runtime';

/** Which part of a list is asked for. */
export interface ListSlice {
  readonly limit: number;
  /** Behind which entry it begins, by its id; undefined: at the start. */
  readonly start: string | undefined;
}

/** A list as IBM's resource controller answers it. */
export interface ResourceList<View> {
  readonly rows_count: number;
  /** A path; null at the end. */
  readonly next_url: string | null;
  readonly resources: readonly View[];
}

const MOST = 100;
const START = /^[0-9a-f-]{1,64}$/;

const PARAMETERS: readonly ApiParameter[] = [
  {
    name: 'limit',
    in: 'query',
    description: 'How many entries at the most.',
    schema: { type: 'integer', minimum: 1, maximum: MOST, default: MOST },
    example: 10,
  },
  {
    name: 'start',
    in: 'query',
    description: 'Where the page begins, as `next_url` says it.',
    schema: { type: 'string', pattern: START.source },
    example: '4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21',
  },
];

/** Reads what every list takes. @throws {DomainError} `invalid_query`, parameter by parameter */
export class ResourceListQuery implements PipeTransform<unknown, ListSlice>, DescribesQuery {
  describeQuery(): readonly ApiParameter[] {
    return PARAMETERS;
  }

  transform(raw: unknown): ListSlice {
    const given = (raw ?? {}) as Readonly<Record<string, string | readonly string[] | undefined>>;
    const problems: Record<string, string[]> = {};
    for (const [name, value] of Object.entries(given)) {
      if (!PARAMETERS.some((parameter) => parameter.name === name)) problems[name] = ['is no parameter here'];
      else if (typeof value !== 'string') problems[name] = ['must be given once'];
    }
    const limit = given['limit'] === undefined ? MOST : Number(given['limit']);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
      problems['limit'] = [`must be a whole number from 1 to ${MOST}`];
    }
    const start = given['start'];
    if (start !== undefined && !START.test(String(start))) problems['start'] = ['must be as next_url says it'];
    if (Object.keys(problems).length > 0) throw invalidQuery(problems);
    return { limit, start: start === undefined ? undefined : String(start) };
  }
}

/** @param entries one more than asked for, where there are more @param path of the list */
export function resourceList<Entry, View>(
  path: string,
  { limit }: ListSlice,
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
  view: (entry: Entry) => View,
): ResourceList<View> {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return {
    rows_count: page.length,
    next_url: entries.length > limit && last !== undefined ? `${path}?limit=${limit}&start=${idOf(last)}` : null,
    resources: page.map(view),
  };
}
