import { destinationType } from '../destination-types/destination-types.js';
import type { StoredSubscription } from './subscription.repository.js';

/** As lists show it, without its attributes. */
export function listedSubscriptionView(subscription: StoredSubscription) {
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

export function subscriptionView(subscription: StoredSubscription) {
  const { attributes, destination_type } = subscription;
  return {
    ...listedSubscriptionView(subscription),
    attributes: destinationType(destination_type)?.viewAttributes(attributes) ?? {},
  };
}
