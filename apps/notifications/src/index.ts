export { startMatching } from './matching/matching.module.js';
export { NotificationsModule } from './notifications.module.js';
export { NOTIFICATIONS_MIGRATIONS, NOTIFICATIONS_SCHEMA } from './notifications-database.store.js';
