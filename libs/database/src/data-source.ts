import { Logger } from '@nestjs/common';
import { StartError } from '@tidings/runtime';
import { type Client, escapeIdentifier, type Pool } from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import {
  addressOf,
  clientConfig,
  CONNECT_TIMEOUT_MS,
  type ConnectionSettings,
  LIVENESS,
  onConnect,
  STATEMENT_DEADLINE_MS,
} from './connection-settings.js';
import { classifyDatabaseError, databaseErrorCode } from './database-errors.js';
import { withMigrationLock } from './migration-lock.js';
import { StatementLog } from './statement-log.js';
import { waitForDatabase } from './wait-for-database.js';

export type MigrationClass = new () => MigrationInterface;
type EntityClass = new () => object;

export interface DataSourceSettings extends ConnectionSettings {
  /** The schema that the app owns; made when it is missing. The table of its migrations is in it. */
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  readonly entities?: readonly (EntityClass | EntitySchema)[];
  /** The most connections to open; at least 2. */
  readonly poolSize: number;
  /** How long to wait for the database, milliseconds; default 30,000. */
  readonly deadlineMs?: number;
  /** After which a statement is given up, milliseconds; default 30,000. */
  readonly statementDeadlineMs?: number;
}

/**
 * Connects to the database, makes the app's schema and runs its migrations; other processes that start at the same time
 * wait and find them done. `search_path` is left alone: name the schema in every query.
 * @throws {StartError} when the database cannot be used, or the user may not make the schema or what is in it
 */
export async function createDataSource(settings: DataSourceSettings): Promise<DataSource> {
  await waitForDatabase(settings, settings.deadlineMs);
  let dataSource: DataSource | undefined;
  try {
    await migrate(settings);
    const deadline = settings.statementDeadlineMs ?? STATEMENT_DEADLINE_MS;
    dataSource = makeDataSource(settings, { query_timeout: deadline });
    await dataSource.initialize();
    return dataSource;
  } catch (error) {
    if (dataSource?.isInitialized === true) await dataSource.destroy();
    throw explain(settings, error);
  }
}

/** Over connections of their own: a migration takes as long as it takes. */
async function migrate(settings: DataSourceSettings): Promise<void> {
  const dataSource = makeDataSource({ ...settings, entities: [] });
  try {
    await dataSource.initialize();
    await withMigrationLock(settings, settings.schema, async (client) => {
      await ensureSchema(client, settings.schema);
      const done = await dataSource.runMigrations();
      if (done.length > 0)
        new Logger('Database').log(
          `Migrated the schema ${settings.schema}: ${done.map(({ name }) => name).join(', ')}`,
        );
    });
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

function makeDataSource(settings: DataSourceSettings, more: object = {}): DataSource {
  const { user, ...config } = clientConfig(settings);
  const logger = new Logger('Database');
  return new DataSource({
    type: 'postgres',
    host: config.host,
    port: config.port,
    username: user,
    password: config.password,
    database: config.database,
    ssl: config.ssl,
    schema: settings.schema,
    applicationName: settings.applicationName,
    poolSize: settings.poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { ...LIVENESS, onConnect, ...more },
    entities: [...(settings.entities ?? [])],
    migrations: [...settings.migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logger: new StatementLog(),
    poolErrorHandler: (error: unknown) => logger.warn(`An idle connection broke: ${messageOf(error)}`),
  });
}

/** The pool of connections under a data source, for what TypeORM cannot say: COPY, cursors, LISTEN. */
export function poolOf(dataSource: DataSource): Pool {
  const { driver } = dataSource;
  if (!('master' in driver)) throw new Error('The data source is not one of PostgreSQL');
  return driver.master as Pool;
}

async function ensureSchema(client: Client, schema: string): Promise<void> {
  // Asked first: a user who may not create schemas may still use one that was made for them.
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regnamespace($1) IS NOT NULL AS there', [
    escapeIdentifier(schema),
  ]);
  if (rows[0]?.there !== true) await client.query(`CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)}`);
}

function explain(settings: DataSourceSettings, error: unknown): unknown {
  if (databaseErrorCode(error) === '42501') {
    return new StartError(
      `PostgreSQL at ${addressOf(settings.url)} does not let this user create or change the schema ${settings.schema}. Let it own that schema, or use another user in DATABASE_URL.`,
      { cause: error },
    );
  }
  if (classifyDatabaseError(error) === 'unavailable') {
    return new StartError(
      `PostgreSQL at ${addressOf(settings.url)} went away during the start (${databaseErrorCode(error) ?? 'connection lost'}).`,
      { cause: error },
    );
  }
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
