import { JsonObjectField, NestedListField, TextField, TimeField } from '@tidings/openapi';
import {
  DescriptionField,
  EXAMPLE,
  FilterField,
  IdField,
  InstancePath,
  KeptObjectField,
  NameField,
  PathIdField,
  ReferenceField,
  ShownDescriptionField,
  ShownNameField,
} from '../api/admin-fields.js';
import { ListEnvelope } from '../api/list.dto.js';
import { destinationType } from '../destination-types/destination-types.js';
import type { StoredSubscription } from './subscription.repository.js';

const FILTER = 'What of the topic it takes; null is all of it.';
const ATTRIBUTES = 'As the destination’s kind understands them.';

export class SubscriptionPath extends InstancePath {
  @PathIdField('The subscription’s id.')
  id!: string;
}

/** What is to be changed in a subscription; what is left out stays as it is. */
export class SubscriptionChange {
  @NameField({ optional: true })
  name?: string;

  @DescriptionField({ optional: true })
  description?: string;

  /** Read by the destination's type. */
  @KeptObjectField('must be a JSON object', { description: ATTRIBUTES, optional: true })
  attributes?: object;

  /** Null, or an empty text, takes it away. */
  @FilterField({ description: FILTER, optional: true, nullable: true, example: "$.data.severity == 'high'" })
  filter?: string | null;
}

/** A subscription that is asked for. */
export class SubscriptionDraft {
  @NameField({ example: 'releases to hook' })
  name!: string;

  @DescriptionField({ optional: true })
  description?: string;

  @KeptObjectField('must be a JSON object', {
    description: ATTRIBUTES,
    optional: true,
    example: { signing_enabled: true },
  })
  attributes?: object;

  @FilterField({ description: FILTER, optional: true, nullable: true })
  filter?: string | null;

  @ReferenceField('must be the id of a topic')
  topic_id!: string;

  @ReferenceField('must be the id of a destination')
  destination_id!: string;
}

/** A subscription as lists show it, without its attributes. */
export class ListedSubscription {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'releases to hook' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;

  @TextField({ example: 'webhook' })
  destination_type!: string;

  @IdField()
  destination_id!: string;

  @ShownNameField({ example: 'hook' })
  destination_name!: string;

  @IdField()
  topic_id!: string;

  @ShownNameField({ example: 'releases' })
  topic_name!: string;

  @TextField({ description: FILTER, nullable: true, example: null })
  filter!: string | null;
}

export class SubscriptionList extends ListEnvelope {
  @NestedListField(() => ListedSubscription)
  subscriptions!: ListedSubscription[];
}

export class Subscription extends ListedSubscription {
  @JsonObjectField({ description: ATTRIBUTES, example: { signing_enabled: false, add_notification_payload: true } })
  attributes!: object;
}

/** A subscription as the answer to a change shows it. */
export class ChangedSubscription extends Subscription {
  @TextField({
    description: 'The destination’s signing secret, if this change has made the first one. It is never shown again.',
    optional: true,
  })
  signing_secret?: string;
}

export function listedSubscriptionView(subscription: StoredSubscription): ListedSubscription {
  const { id, name, description, updated_at, filter } = subscription;
  const { destination_type, destination_id, destination_name, topic_id, topic_name } = subscription;
  return {
    id,
    name,
    description,
    updated_at: updated_at.toISOString(),
    destination_type,
    destination_id,
    destination_name,
    topic_id,
    topic_name,
    filter,
  };
}

export function subscriptionView(subscription: StoredSubscription): Subscription {
  const { attributes, destination_type } = subscription;
  return {
    ...listedSubscriptionView(subscription),
    attributes: destinationType(destination_type)?.viewAttributes(attributes) ?? {},
  };
}
