// For statements that take no parameters, such as COPY.
export { escapeIdentifier, escapeLiteral } from 'pg';
export { DatabaseModule } from './database-module.js';
export { createDataSource, type DataSourceSettings, type MigrationClass, poolOf } from './data-source.js';
export { DatabaseReader, type ReaderSettings, type ReadStatement } from './database-reader.js';
export { provideRole, type WorkingRole } from './schema-owner.js';
export { waitForDatabase } from './wait-for-database.js';
export type { ConnectionSettings } from './connection-settings.js';
export {
  classifyDatabaseError,
  databaseErrorCode,
  type DatabaseErrorKind,
  isConnectionError,
  isDataError,
} from './database-errors.js';
export { inTransaction, type TransactionOptions } from './in-transaction.js';
export { type ConnectionWork, withConnection } from './with-connection.js';
export { withSessionLock } from './session-lock.js';
export { listen } from './listen.js';
export { boundedStatement, copyOut, longStatement } from './long-statement.js';
export { watchDatabase } from './database-probe.js';
export { DatabaseAvailability } from './database-availability.interceptor.js';
