import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, inTransaction, type MigrationClass, poolOf } from '@tidings/database';
import { type Environment, StartError } from '@tidings/runtime';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { CreateConnectors1700002000000 } from './migrations/1700002000000-create-connectors.js';

/** The schema that this app owns. */
export const GATEWAY_SCHEMA = 'gateway';

/** Every migration of it, oldest first. */
export const GATEWAY_MIGRATIONS: readonly MigrationClass[] = [CreateConnectors1700002000000];

/** One is kept for the locks; what is asked besides is little. */
const POOL_SIZE = 4;

/** The connections to the schema `gateway`: only where connectors are configured, for nothing else is kept in it. */
@Injectable()
export class GatewayDatabase implements OnApplicationShutdown {
  private constructor(private readonly dataSource: DataSource | undefined) {}

  /**
   * Connects and migrates, where it is needed.
   * @throws {StartError} where it is needed and no database is configured, or it cannot be used
   */
  static async open(
    { database }: Pick<Environment, 'database'>,
    { isNeeded }: { readonly isNeeded: boolean },
  ): Promise<GatewayDatabase> {
    if (!isNeeded) return new GatewayDatabase(undefined);
    if (database.url === undefined) {
      throw new StartError(
        'TIDINGS_CONNECTORS needs a database, where positions and pauses are kept. Set DATABASE_URL to postgres://….',
      );
    }
    return new GatewayDatabase(
      await createDataSource({
        url: database.url,
        tls: database.tls,
        applicationName: 'tidings-gateway',
        schema: GATEWAY_SCHEMA,
        migrations: GATEWAY_MIGRATIONS,
        poolSize: POOL_SIZE,
      }),
    );
  }

  get pool(): Pool {
    if (this.dataSource === undefined) throw new Error('No connector is configured, so there is no database');
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
