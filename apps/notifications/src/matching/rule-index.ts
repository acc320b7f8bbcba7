import type { Catalogue } from '@tidings/catalogue';
import type { Configuration, InstanceConfiguration, TopicSourceConfiguration } from '../configuration/configuration.js';
import type { FilterTable } from '../rules/filter-table.js';
import { InstanceAudience } from './instance-audience.js';
import { API_SOURCE_EXTENSION } from './api-event-id.js';
import type { MatchableEvent } from './matchable-event.js';
import { PlanMemory, SourcePlan, type CompiledRule, type CompiledTopic } from './source-plan.js';

/** Events of this system come through an API source, which their extension names. */
const API_SYSTEM = 'api';

const NO_PLANS: readonly SourcePlan[] = [];

/** One snapshot of the configuration, made ready for matching. */
export class RuleIndex {
  readonly version: bigint;
  private readonly bySystem = new Map<string, SourcePlan[]>();
  private readonly byApiSource = new Map<string, SourcePlan[]>();

  constructor(
    configuration: Configuration,
    catalogue: Catalogue,
    readonly filters: FilterTable,
  ) {
    this.version = configuration.version;
    const memory = new PlanMemory();
    for (const instance of configuration.instances.values()) {
      const audience = new InstanceAudience(instance.scopes, catalogue);
      const topics = this.topicsBySource(configuration, instance);
      for (const source of instance.sources.values()) {
        const isApi = source.system === undefined;
        // What was sent through an instance's own API source is its own, whatever else it may see.
        const plan = new SourcePlan(
          instance,
          source,
          isApi ? undefined : audience,
          topics.get(source.id) ?? [],
          memory,
        );
        if (isApi) add(this.byApiSource, source.id, plan);
        else add(this.bySystem, source.system, plan);
      }
    }
  }

  /** The sources, one an instance at the most, that the event may be of. */
  plansFor({ reader, attributes }: MatchableEvent): readonly SourcePlan[] {
    if (reader.system !== API_SYSTEM) return this.bySystem.get(reader.system) ?? NO_PLANS;
    return this.byApiSource.get(attributes.extensions?.[API_SOURCE_EXTENSION] ?? '') ?? NO_PLANS;
  }

  private topicsBySource(
    configuration: Configuration,
    instance: InstanceConfiguration,
  ): ReadonlyMap<string, readonly CompiledTopic[]> {
    const bySource = new Map<string, CompiledTopic[]>();
    for (const topic of instance.topics) {
      const subscriptions = topic.subscriptionIds.flatMap((id) => {
        const subscription = configuration.subscriptions.get(id);
        if (subscription === undefined) return [];
        const { destinationId, filter } = subscription;
        return [{ id, destinationId, filter: filter === undefined ? undefined : this.filters.filterOf(filter) }];
      });
      for (const ofSource of topic.sources) {
        add(bySource, ofSource.sourceId, { topic, rules: this.rulesOf(ofSource), subscriptions });
      }
    }
    return bySource;
  }

  private rulesOf({ rules }: TopicSourceConfiguration): readonly CompiledRule[] | undefined {
    if (rules.length === 0) return undefined;
    return rules
      .filter(({ enabled }) => enabled)
      .map(({ id, eventTypeFilter, notificationFilter }) => ({
        id,
        filters: [this.filters.filterOf(eventTypeFilter), this.filters.filterOf(notificationFilter)],
      }));
  }
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
