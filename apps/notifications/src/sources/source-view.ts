import type { StoredSource } from './source.repository.js';

/** As the answer to its making shows it. */
export function createdSourceView({ id, name, description, enabled, store_notifications, created_at }: StoredSource) {
  return { id, name, description, enabled, store_notifications, created_at: created_at.toISOString() };
}

/** As lists show it. */
export function listedSourceView(source: StoredSource) {
  const { id, name, description, type, enabled, store_notifications, updated_at, topic_names } = source;
  return {
    id,
    name,
    description,
    type,
    enabled,
    store_notifications,
    updated_at: updated_at.toISOString(),
    topic_count: topic_names.length,
  };
}

export function sourceView(source: StoredSource) {
  return { ...listedSourceView(source), topic_names: source.topic_names };
}
