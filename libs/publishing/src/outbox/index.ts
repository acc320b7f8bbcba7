export { createOutboxMigration } from './migrations/create-outbox.js';
export { OUTBOX_ERRORS, OutboxError, type OutboxErrorCode } from './outbox-error.js';
export { outboxRemoval, outboxSchema } from './outbox-schema.js';
export { OutboxPublisher, type OutboxOptions, type OutboxWriter, type TransactionManager } from './outbox-publisher.js';
export { TidingsOutboxModule, type OutboxModuleOptions } from './outbox.module.js';
export { OutboxRelay, type OutboxRelayOptions, type OutboxStatus } from './outbox-relay.js';
export { type OutboxTableName } from './outbox-table.js';
