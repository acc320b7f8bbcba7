import type { Operations } from '@tidings/openapi';
import { DELIVERY_OPERATIONS } from './deliveries/delivery.operations.js';
import { DESTINATION_OPERATIONS } from './destinations/destination.operations.js';
import { INSTANCE_OPERATIONS } from './instances/instance.operations.js';
import { NOTIFICATION_OPERATIONS } from './notifications/notification.operations.js';
import { REPLAY_OPERATIONS } from './replays/replay.operations.js';
import { INSPECTION_OPERATIONS } from './routing/inspection.operations.js';
import { SOURCE_OPERATIONS } from './sources/source.operations.js';
import { SUBSCRIPTION_OPERATIONS } from './subscriptions/subscription.operations.js';
import { TEMPLATE_OPERATIONS } from './templates/template.operations.js';
import { TOPIC_OPERATIONS } from './topics/topic.operations.js';

/** What the API's document says of this app's routes. */
export const NOTIFICATIONS_OPERATIONS: Operations = {
  ...INSTANCE_OPERATIONS,
  ...SOURCE_OPERATIONS,
  ...TOPIC_OPERATIONS,
  ...DESTINATION_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
  ...TEMPLATE_OPERATIONS,
  ...NOTIFICATION_OPERATIONS,
  ...DELIVERY_OPERATIONS,
  ...REPLAY_OPERATIONS,
  ...INSPECTION_OPERATIONS,
};
