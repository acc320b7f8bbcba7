export { EVENTS_MIGRATIONS, EVENTS_SCHEMA, EventsModule, startIngest } from './events.module.js';
export type { BatchIngest } from './ingest/batch-ingest.js';
export { createBatchIngest } from './ingest/create-batch-ingest.js';
export { Housekeeper, type HousekeepingOptions } from './ingest/housekeeper.js';
export { IngestState } from './ingest/ingest-state.js';
export type { LxdAddresses } from './lxd/lxd-listeners.js';
export { startLxdApi } from './lxd/start-lxd-api.js';
export { PartitionRepository } from './ingest/partition.repository.js';
