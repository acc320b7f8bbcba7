import { parseScopePattern } from '@tidings/access';
import type {
  Configuration,
  DestinationConfiguration,
  InstanceConfiguration,
  SubscriptionConfiguration,
  TopicConfiguration,
} from './configuration.js';
import type { ConfigurationRows, DestinationRow, SubscriptionRow } from './configuration-row.js';

/** Puts rows of one moment together. */
export function snapshotOf(rows: ConfigurationRows): Configuration {
  const topics = topicsByInstance(rows);
  const sources = groupBy(rows.sources, (row) => row.instance_id);
  const instances = rows.instances.map(({ id, name, scopes }): InstanceConfiguration => ({
    id,
    name,
    scopes: scopes.flatMap((scope) => parseScopePattern(scope) ?? []),
    sources: new Map(
      (sources.get(id) ?? []).map((row) => [
        row.id,
        { id: row.id, name: row.name, enabled: row.enabled, system: row.system ?? undefined },
      ]),
    ),
    topics: topics.get(id) ?? [],
  }));
  return {
    version: BigInt(rows.version),
    instances: byId(instances),
    destinations: byId(rows.destinations.map(destinationOf)),
    subscriptions: byId(rows.subscriptions.map(subscriptionOf)),
    templates: byId(
      rows.templates.map(({ id, instance_id, type, subject, body }) => ({
        id,
        instanceId: instance_id,
        type,
        subject: subject ?? undefined,
        body,
      })),
    ),
  };
}

function topicsByInstance(rows: ConfigurationRows): Map<string, TopicConfiguration[]> {
  const sources = groupBy(rows.topicSources, (row) => row.topic_id);
  const rules = groupBy(rows.rules, (row) => `${row.topic_id} ${row.source_id}`);
  const subscriptions = groupBy(rows.subscriptions, (row) => row.topic_id);
  const topics = new Map<string, TopicConfiguration[]>();
  for (const { id, name, instance_id } of rows.topics) {
    const topic = {
      id,
      name,
      sources: (sources.get(id) ?? []).map(({ source_id }) => ({
        sourceId: source_id,
        rules: (rules.get(`${id} ${source_id}`) ?? []).map((rule) => ({
          id: rule.id,
          enabled: rule.enabled,
          eventTypeFilter: rule.event_type_filter,
          notificationFilter: rule.notification_filter,
        })),
      })),
      subscriptionIds: (subscriptions.get(id) ?? []).map((row) => row.id),
    };
    const known = topics.get(instance_id);
    if (known === undefined) topics.set(instance_id, [topic]);
    else known.push(topic);
  }
  return topics;
}

function destinationOf(row: DestinationRow): DestinationConfiguration {
  const { id, name, instance_id, type, enabled, config, updated_at } = row;
  return {
    id,
    name,
    instanceId: instance_id,
    type,
    enabled,
    config,
    secrets: row.secrets ?? undefined,
    signingSecrets: [row.signing_secret, row.former_signing_secret].filter((secret) => secret !== null),
    retryScheduleSeconds: row.retry_schedule_seconds ?? undefined,
    updatedAt: updated_at,
  };
}

function subscriptionOf(row: SubscriptionRow): SubscriptionConfiguration {
  const { id, name, instance_id, topic_id, destination_id, attributes, filter } = row;
  return {
    id,
    name,
    instanceId: instance_id,
    topicId: topic_id,
    destinationId: destination_id,
    attributes,
    filter: filter ?? undefined,
  };
}

function byId<T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [one.id, one]));
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
