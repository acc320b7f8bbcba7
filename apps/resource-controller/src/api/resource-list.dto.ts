import type { Type } from '@nestjs/common';
import { IntegerField, NestedListField, TextField } from '@tidings/openapi';

const MAX_LIMIT = 100;

/** What every list takes. */
export class ResourceListQuery {
  @IntegerField({
    description: 'How many entries at the most.',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: MAX_LIMIT,
    optional: true,
    example: 10,
  })
  limit: number = MAX_LIMIT;

  @TextField({
    description: 'Where the page begins, as `next_url` says it.',
    pattern: /^[0-9a-f-]{1,64}$/,
    rule: 'must be as next_url says it',
    optional: true,
    example: '4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21',
  })
  start?: string;
}

/** A list as IBM's resource controller answers it. */
export interface ResourceList<View> {
  readonly rows_count: number;
  readonly next_url: string | null;
  readonly resources: readonly View[];
}

/** The class of a list of resources, to be extended under the list's own name. */
export function resourceListOf<View>(view: Type<View>): Type<ResourceList<View>> {
  class Page implements ResourceList<View> {
    @IntegerField({ minimum: 0, example: 1 })
    rows_count!: number;

    @TextField({ description: 'The path of the next page; null at the end.', nullable: true, example: null })
    next_url!: string | null;

    @NestedListField(() => view)
    resources!: readonly View[];
  }
  return Page;
}

/** @param entries one more than asked for, where there are more @param path of the list */
export function resourceList<Entry, View>(
  path: string,
  { limit }: ResourceListQuery,
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
