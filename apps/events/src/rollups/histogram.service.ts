import { Injectable } from '@nestjs/common';
import { Catalogue, OUTCOMES } from '@tidings/catalogue';
import { EventCounts, type CountBucket, type CountField, type CountInterval } from '../query/event-counts.js';
import { criteriaOf } from '../query/event-criteria.js';
import type { EventFilter } from '../query/event-filter.js';
import type { TypeDictionary } from '../query/type-dictionary.js';
import { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import type { HistogramField } from './histogram-query.js';
import { histogramWindow } from './histogram-window.js';
import type { Histogram, HistogramBucket, MonthCount } from './histogram.dto.js';

const COLUMN: Readonly<Record<HistogramField, CountField>> = {
  system: 'type_id',
  type: 'type_id',
  source: 'source_id',
  site: 'source_id',
  outcome: 'outcome',
};

/** Counts what a caller may see by time. */
@Injectable()
export class HistogramService {
  constructor(
    private readonly counts: EventCounts,
    private readonly types: TypeDictionaryRepository,
    private readonly catalogue: Catalogue,
  ) {}

  /** @throws {DomainError} `invalid_query` when it would have too many buckets */
  async histogram(
    filter: EventFilter,
    scopes: readonly string[],
    interval: CountInterval,
    by: HistogramField | undefined,
  ): Promise<Histogram> {
    const asked = {
      ...(filter.createdFrom !== undefined && { from: filter.createdFrom }),
      ...(filter.createdTo !== undefined && { to: filter.createdTo }),
    };
    const window = histogramWindow(interval, asked, Date.now());
    const [first = window.end] = window.starts;
    const dictionary = await this.types.current();
    const within = { createdFrom: BigInt(first) * 1000n, createdTo: BigInt(window.end) * 1000n };
    // The window has whole buckets; what was asked for may be less.
    const criteria = criteriaOf({ ...within, ...filter }, scopes, dictionary, this.catalogue);
    const field = by === undefined ? {} : { field: COLUMN[by] };
    const found =
      criteria === undefined || window.starts.length === 0
        ? []
        : await this.counts.histogram(criteria, { interval, ...field, buckets: window });
    const names = by === undefined ? undefined : await this.naming(by, dictionary, found);
    return {
      interval,
      by: by ?? null,
      from: new Date(first).toISOString(),
      to: new Date(window.end).toISOString(),
      buckets: bucketsOf(window.starts, found, names),
    };
  }

  /** The latest month first. */
  async months(scopes: readonly string[]): Promise<readonly MonthCount[]> {
    const criteria = criteriaOf({}, scopes, await this.types.current(), this.catalogue);
    if (criteria === undefined) return [];
    const found = await this.counts.histogram(criteria, { interval: 'month' });
    return found
      .map(({ start, count }) => {
        const date = new Date(start);
        return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, count };
      })
      .reverse();
  }

  /** How the values of a column are called. */
  private async naming(
    by: HistogramField,
    dictionary: TypeDictionary,
    found: readonly CountBucket[],
  ): Promise<(value: number) => string | undefined> {
    if (by === 'outcome') return (value) => OUTCOMES[value];
    const naming = (names: TypeDictionary) => (value: number) => {
      if (by === 'type') return names.byNumber(value)?.type;
      if (by === 'system') return names.byNumber(value)?.system;
      return by === 'source' ? names.sourceByNumber(value)?.source : names.sourceByNumber(value)?.site;
    };
    const known = naming(dictionary);
    // The dictionary may be older than the rows.
    const isComplete = found.every(({ value }) => value === undefined || known(value) !== undefined);
    return isComplete ? known : naming(await this.types.refreshed());
  }
}

function bucketsOf(
  starts: readonly number[],
  found: readonly CountBucket[],
  nameOf: ((value: number) => string | undefined) | undefined,
): readonly HistogramBucket[] {
  const byStart = new Map(starts.map((start) => [start, { count: 0, values: new Map<string, number>() }]));
  for (const { start, value, count } of found) {
    const bucket = byStart.get(start);
    if (bucket === undefined) continue;
    bucket.count += count;
    const name = value === undefined ? undefined : nameOf?.(value);
    if (name !== undefined) bucket.values.set(name, (bucket.values.get(name) ?? 0) + count);
  }
  return [...byStart].map(([start, { count, values }]) => ({
    start: new Date(start).toISOString(),
    count,
    ...(nameOf !== undefined && { values: Object.fromEntries(values) }),
  }));
}
