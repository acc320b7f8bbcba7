import { PageQuery } from '../paging/page-query.js';
import { oneOf } from '../paging/parameter-rules.js';
import { ignoreParameters, Parameter } from '../paging/query-parameters.js';
import { COUNT_INTERVALS } from '../query/event-counts.js';
import { EventFilterQuery } from '../query/event-query.js';
import { WALDUR_IGNORED } from '../query/waldur-event-query.js';

/** What a histogram tells apart besides the time. */
export const HISTOGRAM_FIELDS = ['system', 'type', 'source', 'site', 'outcome'] as const;
export type HistogramField = (typeof HISTOGRAM_FIELDS)[number];

/** The parameters of a histogram: those that choose events, and how they are counted. */
export class HistogramQuery extends EventFilterQuery {
  @Parameter({
    description: 'Length of a bucket, in UTC. Defaults to day.',
    example: 'day',
    rule: oneOf(COUNT_INTERVALS),
  })
  interval?: string;

  @Parameter({
    description: 'The field by which the count of each bucket is split.',
    example: 'system',
    rule: oneOf(HISTOGRAM_FIELDS),
  })
  by?: string;
}

/** The parameters of the counts by month. */
export class StatsQuery extends PageQuery {}

ignoreParameters(StatsQuery, WALDUR_IGNORED);
