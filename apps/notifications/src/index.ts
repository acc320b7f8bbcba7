export { BatchMatcher } from './matching/batch-matcher.js';
export { MatchableEventReader } from './matching/matchable-event.js';
export { startMatching } from './matching/matching.module.js';
export { MatchingState } from './matching/matching-state.js';
export { NotificationsModule } from './notifications.module.js';
export {
  NOTIFICATIONS_MIGRATIONS,
  NOTIFICATIONS_SCHEMA,
  NotificationsDatabase,
} from './notifications-database.store.js';
export { changeConfiguration } from './configuration/configuration-changes.store.js';
export { seedConfiguration } from './configuration/seeding.store.js';
export { ConfigurationStore } from './configuration/configuration.store.js';
export { ConfigurationWatch } from './configuration/configuration-watch.js';
export { type DeliveryParts, RunningDelivery } from './delivery/running-delivery.store.js';
export { SecretBox } from './secrets/secret-box.js';
export { connectEvents } from './stored-events/stored-events.module.js';
export { claimPool, completionPool } from './delivery/dispatch-pools.store.js';
export { DeliveryStore } from './delivery/delivery.store.js';
export { ReplayRepository } from './replays/replay.repository.js';
export { destinationType } from './destination-types/destination-types.js';
