import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, inTransaction, type MigrationClass, poolOf } from '@tidings/database';
import { type Environment, StartError } from '@tidings/runtime';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { CreateTokens1700000100000 } from './migrations/1700000100000-create-tokens.js';
import { AddSessions1700000101000 } from './migrations/1700000101000-add-sessions.js';

/** The schema that access owns. */
export const ACCESS_SCHEMA = 'access';

/** Every migration of it, oldest first. */
export const ACCESS_MIGRATIONS: readonly MigrationClass[] = [CreateTokens1700000100000, AddSessions1700000101000];

/** Look-ups are few, for they are cached; of their own, so that slow queries of an app never hold up who may call it. */
const POOL_SIZE = 4;

/** What an app's role needs; no more, so that what the audit log has stays there. */
const grantsOf = (role: string): readonly string[] => [
  `GRANT USAGE ON SCHEMA access TO ${role}`,
  `GRANT SELECT ON access.migrations TO ${role}`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON access.token, access.secret, access.login_code TO ${role}`,
  `GRANT SELECT, INSERT ON access.audit TO ${role}`,
];

/** The connections to the schema `access`: a process has them once, whichever apps are in it. */
@Injectable()
export class AccessDatabase implements OnApplicationShutdown {
  private constructor(private readonly dataSource: DataSource | undefined) {}

  /** Connects and migrates, where a database is configured. @throws {StartError} where it cannot be used */
  static async open({ database }: Pick<Environment, 'database'>): Promise<AccessDatabase> {
    if (database.url === undefined) return new AccessDatabase(undefined);
    const dataSource = await createDataSource({
      url: database.url,
      tls: database.tls,
      applicationName: 'tidings-access',
      schema: ACCESS_SCHEMA,
      migrations: ACCESS_MIGRATIONS,
      poolSize: POOL_SIZE,
      owner: { connection: database.owner, grants: grantsOf },
    });
    try {
      await tellPromise(poolOf(dataSource), database.owner !== undefined);
      return new AccessDatabase(dataSource);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  }

  /** Whether a database is configured: without one only the admin token is known. */
  get isConfigured(): boolean {
    return this.dataSource !== undefined;
  }

  get pool(): Pool {
    if (this.dataSource === undefined) throw new Error('Tokens need a database, and none is configured');
    return poolOf(this.dataSource);
  }

  /** Runs all of `work`, or nothing. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource?.isInitialized === true) await this.dataSource.destroy();
  }
}

/** Says at the start where the audit log is not safe from the apps' own role. */
async function tellPromise(pool: Pool, hasOwner: boolean): Promise<void> {
  // True of a superuser as well.
  const { rows } = await pool.query<{ owns: boolean }>(
    `SELECT pg_has_role(relowner, 'MEMBER') AS owns FROM pg_class WHERE oid = to_regclass('access.audit')`,
  );
  if (rows[0] === undefined) throw new StartError('DATABASE_OWNER_URL leads to another database than DATABASE_URL.');
  if (!rows[0].owns) return;
  const logger = new Logger('Access');
  if (hasOwner) {
    logger.warn(
      'The user of DATABASE_URL can change the audit log although DATABASE_OWNER_URL names its owner: it is a superuser, or a member of that role',
    );
  } else {
    logger.log('The user of DATABASE_URL can change the audit log, for it owns it; DATABASE_OWNER_URL prevents that');
  }
}
