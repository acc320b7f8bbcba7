import { applyDecorators } from '@nestjs/common';
import {
  AnyField,
  FlagField,
  IntegerField,
  NestedListField,
  OptionalBody,
  Satisfies,
  TextField,
  TextListField,
  TimeField,
  UnsupportedField,
} from '@tidings/openapi';
import {
  DescriptionField,
  EXAMPLE,
  FilterField,
  IdField,
  InstancePath,
  NameField,
  PathIdField,
  ShownDescriptionField,
  ShownNameField,
} from '../api/admin-fields.js';
import { ListEnvelope } from '../api/list.dto.js';
import { ALL } from '../rules/filter-text.js';
import { ListedSubscription, listedSubscriptionView } from '../subscriptions/subscription.dto.js';
import type { StoredTopic, WholeTopic } from './topic.repository.js';

const MAX_ENTRIES = 100;
const TYPE_FILTER = "$.type == 'com.canonical.lxd.lifecycle.instance-created'";

export class TopicPath extends InstancePath {
  @PathIdField('The topic’s id.')
  id!: string;
}

export class TopicSourcePath extends TopicPath {
  @PathIdField('The source’s id, percent-encoded.', EXAMPLE.sourceId)
  source_id!: string;
}

/** A rule that is asked for. `id` and `updated_at` come back from a topic that was read; an id keeps the rule's own. */
export class RuleDraft {
  @IdField({ optional: true, example: undefined })
  id?: string;

  @AnyField({}, { optional: true })
  updated_at?: unknown;

  @FlagField({ optional: true })
  enabled: boolean = true;

  @FilterField({ optional: true, example: TYPE_FILTER })
  event_type_filter: string = ALL;

  @FilterField({ optional: true, example: ALL })
  notification_filter: string = ALL;

  @UnsupportedField(
    'is not supported, as rules are about events and not about times; leave it out, and let whatever schedules your ' +
      'tasks PUT the rule with "enabled": false and true',
  )
  event_schedule_filter?: unknown;
}

/** A source of a topic, with its rules; without any, all that it sends. `name` comes back from a topic that was read. */
export class TopicSourceDraft {
  @TextField({ minLength: 1, rule: 'must be the id of a source', example: EXAMPLE.sourceId })
  id!: string;

  @AnyField({}, { optional: true })
  name?: unknown;

  @NestedListField(() => RuleDraft, { maxItems: MAX_ENTRIES, optional: true })
  rules: RuleDraft[] = [];
}

/** A topic that is asked for. */
export class TopicDraft {
  @NameField({ example: 'releases' })
  name!: string;

  @DescriptionField({ optional: true })
  description: string = '';

  @SourcesField()
  sources: TopicSourceDraft[] = [];
}

/** What is to be replaced in a topic; what is left out stays as it is. */
export class TopicReplacement {
  @NameField({ optional: true, example: 'releases' })
  name?: string;

  @DescriptionField({ optional: true })
  description?: string;

  @SourcesField()
  sources?: TopicSourceDraft[];
}

/** The rules of one source in a topic; without any, all that it sends. */
@OptionalBody()
export class TopicSourceRules {
  @NestedListField(() => RuleDraft, { maxItems: MAX_ENTRIES, optional: true })
  rules: RuleDraft[] = [];
}

/** A topic as the answer to its making shows it. */
export class CreatedTopic {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'releases' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

/** A topic as lists show it. */
export class ListedTopic {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'releases' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @IntegerField({ minimum: 0, example: 1 })
  source_count!: number;

  @TextListField({ example: ['deploys'] })
  sources_names!: readonly string[];

  @IntegerField({ minimum: 0, example: 0 })
  subscription_count!: number;
}

export class TopicList extends ListEnvelope {
  @NestedListField(() => ListedTopic)
  topics!: ListedTopic[];
}

export class TopicRule {
  @IdField()
  id!: string;

  @FlagField({ example: true })
  enabled!: boolean;

  @TextField({ example: TYPE_FILTER })
  event_type_filter!: string;

  @TextField({ example: ALL })
  notification_filter!: string;

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;
}

export class TopicSource {
  @TextField({ example: EXAMPLE.sourceId })
  id!: string;

  @ShownNameField({ example: 'deploys' })
  name!: string;

  @NestedListField(() => TopicRule)
  rules!: TopicRule[];
}

/** A topic with its rules and its subscriptions. */
export class Topic extends CreatedTopic {
  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;

  @IntegerField({ minimum: 0, example: 1 })
  source_count!: number;

  @NestedListField(() => TopicSource)
  sources!: TopicSource[];

  @IntegerField({ minimum: 0, example: 0 })
  subscription_count!: number;

  @NestedListField(() => ListedSubscription, { example: [] })
  subscriptions!: ListedSubscription[];
}

export function createdTopicView({ id, name, description, created_at }: StoredTopic): CreatedTopic {
  return { id, name, description, created_at: created_at.toISOString() };
}

export function listedTopicView({
  id,
  name,
  description,
  sources_names,
  subscription_count,
}: StoredTopic): ListedTopic {
  return { id, name, description, source_count: sources_names.length, sources_names, subscription_count };
}

export function topicView({ topic, sources, rules, subscriptions }: WholeTopic): Topic {
  return {
    ...createdTopicView(topic),
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

function SourcesField(): PropertyDecorator {
  return applyDecorators(
    NestedListField(() => TopicSourceDraft, { maxItems: MAX_ENTRIES, optional: true }),
    Satisfies((sources) => {
      const ids = Array.isArray(sources) ? (sources as Partial<TopicSourceDraft>[]).map((source) => source?.id) : [];
      const repeated = ids.find((id, index) => id !== undefined && ids.indexOf(id) !== index);
      return repeated === undefined ? undefined : `has ${repeated} twice; put all of a source's rules in one entry`;
    }),
  );
}
