import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { paths } from '../../../generated/openapi.d.ts';
import { answerOf, api, type ListPage, pageOf } from '../../api/client.js';
import { refetchInterval } from '../../api/queries.js';
import { type EventSearch, parametersOf } from './event-search.js';

type Operations = paths['/api/events/']['get'];
type Query = NonNullable<Operations['parameters']['query']>;
export type ListedEvent = Operations['responses'][200]['content']['application/json'][number];
export type Histogram = paths['/api/events/histogram/']['get']['responses'][200]['content']['application/json'];

/** What a row shows. */
const FIELDS = [
  'uuid',
  'created',
  'event_type',
  'type',
  'system',
  'site',
  'subject',
  'outcome',
  'message',
  'conforming',
];
const PAGE_SIZE = '100';

/** What stands in an address may be anything; what is no parameter the server refuses, and says what was meant. */
const asQuery = (parameters: object): Query => parameters;

/** The events of an address, page by page, by sealed positions: nothing shifts while events arrive. */
export function eventsQuery(search: EventSearch) {
  return infiniteQueryOptions({
    queryKey: ['events', search],
    queryFn: ({ pageParam, signal }): Promise<ListPage<readonly ListedEvent[]>> => {
      const asked = { ...parametersOf(search, Date.now()), field: FIELDS, page_size: PAGE_SIZE };
      const query = asQuery({ ...asked, ...(pageParam !== '' && { page: pageParam }) });
      return pageOf(api.GET('/api/events/', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}

/** How many there are by now. */
export function countQuery(search: EventSearch) {
  return queryOptions({
    queryKey: ['event-count', search],
    queryFn: async ({ signal }) => {
      const query = asQuery(parametersOf(search, Date.now()));
      return (await answerOf(api.GET('/api/events/count/', { params: { query }, signal }))).count;
    },
    refetchInterval,
    retry: false,
    placeholderData: undefined,
  });
}

/** How many events came when. @param interval the width of a bar */
export function histogramQuery(search: EventSearch, interval: 'hour' | 'day') {
  return queryOptions({
    queryKey: ['event-histogram', search, interval],
    queryFn: ({ signal }) => {
      const query = asQuery({ ...parametersOf(search, Date.now()), interval });
      return answerOf(api.GET('/api/events/histogram/', { params: { query }, signal }));
    },
    retry: false,
  });
}
