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
  variableOf,
} from './connection-settings.js';
import { classifyDatabaseError, databaseErrorCode } from './database-errors.js';
import { withMigrationLock } from './migration-lock.js';
import { currentRole, limitRole, type SchemaOwner } from './schema-owner.js';
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
  /** For a schema that another role may own; it is migrated by that one then. */
  readonly owner?: SchemaOwner;
}

/**
 * Connects to the database, makes the app's schema and runs its migrations; other processes that start at the same time
 * wait and find them done. `search_path` is left alone: name the schema in every query.
 * @throws {StartError} when the database cannot be used, or the user may not make the schema or what is in it
 */
export async function createDataSource(settings: DataSourceSettings): Promise<DataSource> {
  await waitForDatabase(settings, settings.deadlineMs);
  const deadline = settings.statementDeadlineMs ?? STATEMENT_DEADLINE_MS;
  const dataSource = makeDataSource(settings, { query_timeout: deadline });
  try {
    await dataSource.initialize();
    const connection = settings.owner?.connection;
    if (connection === undefined) await migrate(settings);
    else await migrateAsOwner({ ...settings, ...connection, isOwner: true }, await currentRole(poolOf(dataSource)));
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw explain(settings, error);
  }
}

/** @param role the one that works in the schema */
async function migrateAsOwner(settings: DataSourceSettings, role: string): Promise<void> {
  await waitForDatabase(settings, settings.deadlineMs);
  try {
    await migrate(settings, role);
  } catch (error) {
    throw explain(settings, error);
  }
}

/**
 * Over connections of their own: a migration takes as long as it takes.
 *
 * @param role the one that works in the schema, where it is not the one that is connected
 */
async function migrate(settings: DataSourceSettings, role?: string): Promise<void> {
  const { schema, owner } = settings;
  const dataSource = makeDataSource({ ...settings, entities: [] });
  try {
    await dataSource.initialize();
    await withMigrationLock(settings, schema, async (client) => {
      if (role !== undefined && role === (await currentRole(client))) {
        throw new StartError('DATABASE_OWNER_URL has the user of DATABASE_URL. Give it another one.');
      }
      await ensureSchema(client, schema);
      const done = await dataSource.runMigrations();
      if (done.length > 0) {
        const logger = new Logger('Database');
        logger.log(`Migrated the schema ${schema}`);
        logger.debug(done.map(({ name }) => name).join(', '));
      }
      if (role !== undefined && owner !== undefined) await limitRole(client, schema, role, owner.grants);
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
    extra: { ...LIVENESS, onConnect, options: config.options, ...more },
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
    const [address, variable] = [addressOf(settings.url), variableOf(settings)];
    // An app's own role owns what earlier versions made.
    const wayOut =
      settings.isOwner === true
        ? 'Let a superuser GRANT it the role of DATABASE_URL, and CREATE ON DATABASE'
        : `Let it own that schema${settings.owner === undefined ? '' : ', or start a process with DATABASE_OWNER_URL before this one'}`;
    return new StartError(
      `PostgreSQL at ${address} does not let this user create or change the schema ${settings.schema}. ${wayOut}, or use another user in ${variable}.`,
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
