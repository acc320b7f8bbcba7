export { type HandledEventTableName } from './handled-event-table.js';
export { HandledEvents, type EventIdentity } from './handled-event.store.js';
export { createHandledEventsMigration } from './migrations/create-handled-events.js';
