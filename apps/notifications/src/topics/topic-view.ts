import { listedSubscriptionView } from '../subscriptions/subscription-view.js';
import type { WholeTopic } from './topic.service.js';
import type { StoredTopic } from './topic.repository.js';

/** As the answer to its making shows it. */
export function createdTopicView({ id, name, description, created_at }: StoredTopic) {
  return { id, name, description, created_at: created_at.toISOString() };
}

/** As lists show it. */
export function listedTopicView({ id, name, description, sources_names, subscription_count }: StoredTopic) {
  return { id, name, description, source_count: sources_names.length, sources_names, subscription_count };
}

export function topicView({ topic, sources, rules, subscriptions }: WholeTopic) {
  return {
    id: topic.id,
    name: topic.name,
    description: topic.description,
    created_at: topic.created_at.toISOString(),
    updated_at: topic.updated_at.toISOString(),
    source_count: sources.length,
    sources: sources.map(({ id, name }) => ({
      id,
      name,
      rules: rules
        .filter(({ source_id }) => source_id === id)
        .map((rule) => ({
          id: rule.id,
          enabled: rule.enabled,
          event_type_filter: rule.event_type_filter,
          notification_filter: rule.notification_filter,
          updated_at: rule.updated_at.toISOString(),
        })),
    })),
    subscription_count: subscriptions.length,
    subscriptions: subscriptions.map(listedSubscriptionView),
  };
}
