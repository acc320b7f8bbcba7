import type { ListedSource, ListedSubscription, ListedTopic, SourceMetrics } from './source-queries.js';

/** Who would miss a source. */
export interface BlastRadius {
  /** Names of the topics of which it is a source. */
  readonly topics: readonly string[];
  readonly subscriptions: readonly string[];
  /** Names of the destinations to which nothing would go any more. */
  readonly silenced: readonly string[];
  /** Events an hour, by the last 24. */
  readonly hourly: number;
}

/** Looks at what depends on a source that is on. */
export function blastRadius(
  source: ListedSource,
  all: {
    readonly sources: readonly ListedSource[];
    readonly topics: readonly ListedTopic[];
    readonly subscriptions: readonly ListedSubscription[];
  },
  metrics: SourceMetrics | undefined,
): BlastRadius {
  const others = new Set(all.sources.filter(({ id, enabled }) => enabled && id !== source.id).map(({ name }) => name));
  const topics = all.topics.filter(({ sources_names: names }) => names.includes(source.name));
  const topicIds = new Set(topics.map(({ id }) => id));
  const subscriptions = all.subscriptions.filter(({ topic_id: id }) => topicIds.has(id));
  // A topic that another source still feeds goes on.
  const fed = new Set(
    all.topics.filter(({ sources_names: names }) => names.some((name) => others.has(name))).map(({ id }) => id),
  );
  const reached = new Set(
    all.subscriptions.filter(({ topic_id: id }) => fed.has(id)).map(({ destination_id: id }) => id),
  );
  const silenced = subscriptions.filter(({ destination_id: id }) => !reached.has(id));
  return {
    topics: topics.map(({ name }) => name),
    subscriptions: subscriptions.map(({ name }) => name),
    silenced: [...new Set(silenced.map(({ destination_name: name }) => name))],
    hourly: Math.round((metrics?.received ?? 0) / 24),
  };
}
