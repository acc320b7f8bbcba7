import { AnyField, ChoiceField, ClassSchema, IntegerField, NestedListField, TimeField } from '@tidings/openapi';
import { COUNT_INTERVALS, type CountInterval } from '../query/event-counts.js';
import { HISTOGRAM_FIELDS, type HistogramField } from './histogram-query.js';

const COUNT = { type: 'integer', minimum: 0 };

@ClassSchema({ additionalProperties: false })
export class HistogramBucket {
  @TimeField({ description: 'Its first instant.', example: '2026-11-02T00:00:00.000Z' })
  start!: string;

  @IntegerField({ minimum: 0, example: 41 })
  count!: number;

  @AnyField(
    { type: 'object', additionalProperties: COUNT },
    {
      description: 'With `by`: the count of each value of the field; events without a value are only in `count`.',
      optional: true,
      example: { waldur: 40, lxd: 1 },
    },
  )
  values?: Readonly<Record<string, number>>;
}

/** Counts by time. */
@ClassSchema({ additionalProperties: false })
export class Histogram {
  @ChoiceField(COUNT_INTERVALS, { example: 'day' })
  interval!: CountInterval;

  @AnyField({ anyOf: [{ type: 'string', enum: HISTOGRAM_FIELDS }, { type: 'null' }] }, { example: 'system' })
  by!: HistogramField | null;

  @TimeField({ description: 'The first instant of the first bucket.', example: '2026-11-02T00:00:00.000Z' })
  from!: string;

  @TimeField({ description: 'The first instant after the last bucket.', example: '2026-11-03T00:00:00.000Z' })
  to!: string;

  @NestedListField(() => HistogramBucket)
  buckets!: readonly HistogramBucket[];
}

/** How many events there were in a month, in Waldur's form. */
export class MonthCount {
  @IntegerField({ example: 2026 })
  year!: number;

  @IntegerField({ example: 11 })
  month!: number;

  @IntegerField({ example: 4711 })
  count!: number;
}
