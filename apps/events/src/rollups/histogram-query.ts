import { PAGE, PAGE_SIZE } from '../paging/page-parameters.js';
import { IsOneOf } from '../paging/parameter-rules.js';
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
    description: 'How long a bucket is, UTC: hour, day (unless told otherwise), week or month',
    example: 'day',
  })
  @IsOneOf([...COUNT_INTERVALS])
  interval?: string;

  @Parameter({ description: 'By which field the count of a bucket is divided', example: 'system' })
  @IsOneOf([...HISTOGRAM_FIELDS])
  by?: string;
}

/** The parameters of the counts by month. */
export class StatsQuery {
  @Parameter(PAGE)
  page?: string;

  @Parameter(PAGE_SIZE)
  page_size?: string;
}

ignoreParameters(StatsQuery, WALDUR_IGNORED);
