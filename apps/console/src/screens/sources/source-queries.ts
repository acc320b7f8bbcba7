import { queryOptions } from '@tanstack/react-query';
import type { paths } from '../../../generated/openapi.d.ts';
import { answerOf, api } from '../../api/client.js';
import { INSTANCE } from '../../api/instance.js';
import { wholeList } from '../../api/lists.js';
import { refetchInterval } from '../../api/queries.js';

type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;

export type ListedSource = Answer<'/event-notifications/v1/instances/{instance_id}/sources'>['sources'][number];
export type ListedTopic = Answer<'/event-notifications/v1/instances/{instance_id}/topics'>['topics'][number];
export type ListedSubscription =
  Answer<'/event-notifications/v1/instances/{instance_id}/subscriptions'>['subscriptions'][number];
export type SourceMetrics =
  Answer<'/event-notifications/v1/instances/{instance_id}/sources/metrics'>['sources'][number];

const path = { instance_id: INSTANCE };

export const sourcesQuery = queryOptions({
  queryKey: ['sources', INSTANCE],
  queryFn: ({ signal }) =>
    wholeList(
      (query) =>
        answerOf(
          api.GET('/event-notifications/v1/instances/{instance_id}/sources', { params: { path, query }, signal }),
        ),
      ({ sources }) => sources,
    ),
  refetchInterval,
});

export const metricsQuery = queryOptions({
  queryKey: ['source-metrics', INSTANCE],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, SourceMetrics>> => {
    const { sources } = await answerOf(
      api.GET('/event-notifications/v1/instances/{instance_id}/sources/metrics', {
        params: { path, query: { hours: 24 } },
        signal,
      }),
    );
    return new Map(sources.map((source) => [source.source_id, source]));
  },
  refetchInterval,
});

export const topicsQuery = queryOptions({
  queryKey: ['topics', INSTANCE],
  queryFn: ({ signal }) =>
    wholeList(
      (query) =>
        answerOf(
          api.GET('/event-notifications/v1/instances/{instance_id}/topics', { params: { path, query }, signal }),
        ),
      ({ topics }) => topics,
    ),
  refetchInterval,
});

export const subscriptionsQuery = queryOptions({
  queryKey: ['subscriptions', INSTANCE],
  queryFn: ({ signal }) =>
    wholeList(
      (query) =>
        answerOf(
          api.GET('/event-notifications/v1/instances/{instance_id}/subscriptions', { params: { path, query }, signal }),
        ),
      ({ subscriptions }) => subscriptions,
    ),
});

/** Who switched a source last, and when. */
export interface LastSwitch {
  readonly at: string;
  readonly by: string;
  readonly enabled: boolean;
}

/** From the audit log, which asks for the permission `admin`; newest first, by the source's id. */
export const lastSwitchesQuery = queryOptions({
  queryKey: ['source-switches', INSTANCE],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, LastSwitch>> => {
    const query = { action: ['source.enable', 'source.disable'], page_size: '100' };
    const entries = await answerOf(api.GET('/api/audit/', { params: { query }, signal }));
    const switches = new Map<string, LastSwitch>();
    for (const { subject, at, actor, action } of entries) {
      const id = subject.replace(/^source:/, '');
      if (!switches.has(id)) switches.set(id, { at, by: actor.name ?? '', enabled: action === 'source.enable' });
    }
    return switches;
  },
  refetchInterval,
});

/** The toggle. @returns the source as it is then */
export async function switchSource(id: string, enabled: boolean) {
  return answerOf(
    api.PATCH('/event-notifications/v1/instances/{instance_id}/sources/{id}', {
      params: { path: { ...path, id } },
      body: { enabled },
    }),
  );
}
