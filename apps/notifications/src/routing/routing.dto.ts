import {
  ChoiceField,
  FlagField,
  IntegerField,
  NestedField,
  NestedListField,
  TextField,
  TimeField,
} from '@tidings/openapi';
import { EXAMPLE, IdField, InstancePath, PathIdField, ShownNameField } from '../api/admin-fields.js';

const EXAMPLE_UUID = '65f2a9c1-4f0e-8d11-9c39-0d8b8e1a4f5d';

export class StoredEventPath extends InstancePath {
  @PathIdField('The stored event’s uuid.', EXAMPLE_UUID)
  id!: string;
}

/** A stored event in a few words. */
export class RoutedEvent {
  @IdField({ example: EXAMPLE_UUID })
  uuid!: string;

  @TextField({ example: '1' })
  id!: unknown;

  @TextField({ example: '/waldur/main' })
  source!: unknown;

  @TextField({ example: 'com.waldur.resource_creation_succeeded' })
  type!: unknown;

  @TextField({ nullable: true, example: '47eaa0992cb6416d86dc283cf0480ff9' })
  subject!: unknown;

  @TimeField({ example: EXAMPLE.time })
  time!: unknown;
}

export class RoutedSource {
  @TextField({ example: EXAMPLE.sourceId })
  id!: string;

  @ShownNameField({ example: 'Waldur' })
  name!: string;

  @FlagField({ example: true })
  enabled!: boolean;
}

export class FilterFinding {
  @TextField({ example: "$.type =~ 'failed$'" })
  filter!: string;

  @FlagField({ example: false })
  matches!: boolean;
}

export class RuleFinding {
  @IdField()
  id!: string;

  @FlagField({ example: true })
  enabled!: boolean;

  @FlagField({ example: false })
  matches!: boolean;

  @NestedField(() => FilterFinding)
  event_type_filter!: FilterFinding;

  @NestedField(() => FilterFinding)
  notification_filter!: FilterFinding;
}

export class SubscriptionFinding {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'on call' })
  name!: string;

  @IdField()
  destination_id!: string;

  @FlagField({ example: false })
  matches!: boolean;

  @TextField({ description: 'Null: it takes all that its topic takes.', nullable: true, example: null })
  filter!: string | null;
}

/** Why a topic does not take an event. */
const REFUSALS = ['source_disabled', 'source_not_in_topic', 'no_rule_matches', 'no_source'] as const;
export type TopicRefusal = (typeof REFUSALS)[number];

/** Whether a topic takes an event under the present rules, and why not. */
export class TopicFinding {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'failures' })
  name!: string;

  @FlagField({ example: false })
  matches!: boolean;

  @ChoiceField(REFUSALS, { nullable: true, example: 'no_rule_matches' })
  reason!: TopicRefusal | null;

  @TextField({ example: 'No enabled rule of the source in this topic passes the event.' })
  explanation!: string;

  @NestedListField(() => RuleFinding)
  rules!: RuleFinding[];

  @NestedListField(() => SubscriptionFinding)
  subscriptions!: SubscriptionFinding[];
}

/** What was delivered of one event in one instance. */
export class RoutedDelivery {
  @IdField()
  id!: string;

  @IdField()
  subscription_id!: string;

  @IdField()
  topic_id!: string;

  @IdField()
  destination_id!: string;

  @IdField()
  notification_id!: string;

  @IntegerField({ description: 'By which version of the configuration it was decided.', minimum: 0, example: 12 })
  configuration_version!: number;

  @ChoiceField(['waiting', 'delivered', 'failed', 'cancelled'], { example: 'delivered' })
  state!: string;

  @IntegerField({ minimum: 0, example: 1 })
  attempts!: number;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

/** How an event goes through an instance. */
export class EventRouting {
  @NestedField(() => RoutedEvent)
  event!: RoutedEvent;

  @IntegerField({ minimum: 0, example: 12 })
  configuration_version!: number;

  @NestedField(() => RoutedSource, { nullable: true })
  source!: RoutedSource | null;

  @NestedListField(() => TopicFinding)
  topics!: TopicFinding[];

  @NestedListField(() => RoutedDelivery, { example: [] })
  deliveries!: RoutedDelivery[];
}
