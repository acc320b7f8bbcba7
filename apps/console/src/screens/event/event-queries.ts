import { queryOptions } from '@tanstack/react-query';
import { parse } from 'lossless-json';
import type { paths } from '../../../generated/openapi.d.ts';
import { answerOf, api } from '../../api/client.js';
import { INSTANCE } from '../../api/instance.js';
import { refetchInterval } from '../../api/queries.js';

export type Routing =
  paths['/event-notifications/v1/instances/{instance_id}/events/{id}/routing']['get']['responses'][200]['content']['application/json'];
export type RoutedTopic = Routing['topics'][number];
export type RoutedDelivery = Routing['deliveries'][number];

/** An event with all that is shown of it. Numbers stay the digits that they came as. */
export interface WholeEvent {
  readonly uuid: string;
  readonly created: string;
  readonly event_type: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string | null;
  readonly outcome: string | null;
  readonly message: string;
  readonly conforming: boolean;
  readonly cloudevent: Readonly<Record<string, unknown>>;
}

const FIELDS: string[] = [
  'uuid',
  'created',
  'event_type',
  'type',
  'source',
  'subject',
  'outcome',
  'message',
  'conforming',
  'cloudevent',
];

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: ['event', id],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { field: FIELDS } };
      const text = await answerOf(api.GET('/api/events/{id}/', { params, parseAs: 'text', signal }));
      return parse(String(text)) as WholeEvent;
    },
    staleTime: Infinity,
    placeholderData: undefined,
  });
}

export function relatedQuery(id: string) {
  return queryOptions({
    queryKey: ['event-related', id],
    queryFn: ({ signal }) => {
      const field = ['uuid', 'created', 'event_type', 'type', 'system', 'site', 'subject', 'outcome', 'message'];
      const params = { path: { id }, query: { field } };
      return answerOf(api.GET('/api/events/{id}/related/', { params, signal }));
    },
    placeholderData: undefined,
  });
}

/** Asked for again and again: deliveries go on while somebody looks. */
export function routingQuery(id: string) {
  return queryOptions({
    queryKey: ['event-routing', INSTANCE, id],
    queryFn: ({ signal }) => {
      const params = { path: { instance_id: INSTANCE, id } };
      return answerOf(
        api.GET('/event-notifications/v1/instances/{instance_id}/events/{id}/routing', { params, signal }),
      );
    },
    refetchInterval,
    placeholderData: undefined,
  });
}

/** Sends a delivery once more. */
export async function retryDelivery(id: string): Promise<void> {
  const params = { path: { instance_id: INSTANCE, id } };
  await answerOf(api.POST('/event-notifications/v1/instances/{instance_id}/deliveries/{id}/retry', { params }));
}
