import { setImmediate as breathe } from 'node:timers/promises';
import type { JsonObject } from '@tidings/catalogue';
import type {
  Configuration,
  InstanceConfiguration,
  RuleConfiguration,
  SourceConfiguration,
  TopicConfiguration,
} from '../configuration/configuration.js';
import { parseFilter } from '../rules/filter-parser.js';
import type { RuleFinding, SubscriptionFinding, TopicFinding, TopicRefusal } from './routing.dto.js';

const EXPLANATIONS: Readonly<Record<TopicRefusal, string>> = {
  no_source: 'The instance has no source for such events.',
  source_disabled: 'The source is disabled, so that its events reach no topic.',
  source_not_in_topic: 'The topic takes nothing from this source.',
  no_rule_matches: 'No enabled rule of the source in this topic passes the event.',
};

/** For every topic of an instance: whether it takes an event under these rules, and why not. */
export async function explainRouting(
  configuration: Configuration,
  instance: InstanceConfiguration,
  source: SourceConfiguration | undefined,
  event: JsonObject,
): Promise<TopicFinding[]> {
  const findings: TopicFinding[] = [];
  for (const topic of instance.topics) {
    const rules: RuleFinding[] = [];
    for (const rule of rulesOf(topic, source)) {
      rules.push(ruleFinding(rule, event));
      await breathe();
    }
    const reason = refusalOf(topic, source, rules);
    findings.push({
      id: topic.id,
      name: topic.name,
      matches: reason === null,
      reason,
      explanation: reason === null ? 'The topic takes the event.' : EXPLANATIONS[reason],
      rules,
      subscriptions: subscriptionsOf(configuration, topic, reason === null, event),
    });
  }
  return findings;
}

function rulesOf(
  { sources }: TopicConfiguration,
  source: SourceConfiguration | undefined,
): readonly RuleConfiguration[] {
  return sources.find(({ sourceId }) => sourceId === source?.id)?.rules ?? [];
}

function refusalOf(
  topic: TopicConfiguration,
  source: SourceConfiguration | undefined,
  rules: readonly RuleFinding[],
): TopicRefusal | null {
  if (source === undefined) return 'no_source';
  if (!source.enabled) return 'source_disabled';
  if (!topic.sources.some(({ sourceId }) => sourceId === source.id)) return 'source_not_in_topic';
  return rules.length === 0 || rules.some(({ enabled, matches }) => enabled && matches) ? null : 'no_rule_matches';
}

function ruleFinding({ id, enabled, ...filters }: RuleConfiguration, event: JsonObject): RuleFinding {
  const ofType = { filter: filters.eventTypeFilter, matches: parseFilter(filters.eventTypeFilter).matches(event) };
  const ofRest = {
    filter: filters.notificationFilter,
    matches: parseFilter(filters.notificationFilter).matches(event),
  };
  return {
    id,
    enabled,
    matches: ofType.matches && ofRest.matches,
    event_type_filter: ofType,
    notification_filter: ofRest,
  };
}

function subscriptionsOf(
  { subscriptions }: Configuration,
  { subscriptionIds }: TopicConfiguration,
  topicMatches: boolean,
  event: JsonObject,
): SubscriptionFinding[] {
  return subscriptionIds.flatMap((id) => {
    const subscription = subscriptions.get(id);
    if (subscription === undefined) return [];
    const { name, destinationId, filter } = subscription;
    const passes = filter === undefined || parseFilter(filter).matches(event);
    return [{ id, name, destination_id: destinationId, matches: topicMatches && passes, filter: filter ?? null }];
  });
}
