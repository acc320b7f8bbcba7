export { DataDirectory } from './embedded/data-directory.js';
export { EmbeddedKafka, type EmbeddedKafkaOptions } from './embedded/embedded-kafka.js';
export { EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded/embedded-postgres.js';
export { freePort } from './embedded/free-port.js';
