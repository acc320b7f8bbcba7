import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, inTransaction, type MigrationClass, poolOf } from '@tidings/database';
import type { Environment } from '@tidings/runtime';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { CreateTokens1700000100000 } from './migrations/1700000100000-create-tokens.js';

/** The schema that access owns. */
export const ACCESS_SCHEMA = 'access';

/** Every migration of it, oldest first. */
export const ACCESS_MIGRATIONS: readonly MigrationClass[] = [CreateTokens1700000100000];

/** Look-ups are few, for they are cached; of their own, so that slow queries of an app never hold up who may call it. */
const POOL_SIZE = 4;

/** The connections to the schema `access`: a process has them once, whichever apps are in it. */
@Injectable()
export class AccessDatabase implements OnApplicationShutdown {
  private constructor(private readonly dataSource: DataSource | undefined) {}

  /** Connects and migrates, where a database is configured. @throws {StartError} where it cannot be used */
  static async open({ database }: Pick<Environment, 'database'>): Promise<AccessDatabase> {
    if (database.url === undefined) return new AccessDatabase(undefined);
    return new AccessDatabase(
      await createDataSource({
        url: database.url,
        tls: database.tls,
        applicationName: 'tidings-access',
        schema: ACCESS_SCHEMA,
        migrations: ACCESS_MIGRATIONS,
        poolSize: POOL_SIZE,
      }),
    );
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
