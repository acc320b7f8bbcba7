import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, inTransaction, type MigrationClass, poolOf, watchDatabase } from '@tidings/database';
import { type Environment, type Readiness, StartError } from '@tidings/runtime';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { CreateConfiguration1700001000000 } from './migrations/1700001000000-create-configuration.js';
import { CreateDeliveries1700001001000 } from './migrations/1700001001000-create-deliveries.js';
import { CreateDeliveryState1700001002000 } from './migrations/1700001002000-create-delivery-state.js';
import { OrderDeliveries1700001003000 } from './migrations/1700001003000-order-deliveries.js';
import { TokenReplays1700001004000 } from './migrations/1700001004000-token-replays.js';
import { KeepStoreNotifications1700001005000 } from './migrations/1700001005000-keep-store-notifications.js';
import { NoteLastEvents1700001006000 } from './migrations/1700001006000-note-last-events.js';

/** The schema that this app owns. */
export const NOTIFICATIONS_SCHEMA = 'notifications';

const APPLICATION_NAME = 'tidings-notifications';

/** Every migration of it, oldest first. */
export const NOTIFICATIONS_MIGRATIONS: readonly MigrationClass[] = [
  CreateConfiguration1700001000000,
  CreateDeliveries1700001001000,
  CreateDeliveryState1700001002000,
  OrderDeliveries1700001003000,
  TokenReplays1700001004000,
  KeepStoreNotifications1700001005000,
  NoteLastEvents1700001006000,
];

/** The connections to the schema `notifications`: apart from other apps' in the same process. */
@Injectable()
export class NotificationsDatabase implements OnApplicationShutdown {
  private constructor(private readonly dataSource: DataSource) {}

  /** Connects and migrates. @throws {StartError} where no database is configured, or it cannot be used */
  static async open({ database }: Pick<Environment, 'database'>): Promise<NotificationsDatabase> {
    if (database.url === undefined) {
      throw new StartError('No database is configured. Set DATABASE_URL to postgres://…, or run the standalone app.');
    }
    return new NotificationsDatabase(
      await createDataSource({
        url: database.url,
        tls: database.tls,
        applicationName: APPLICATION_NAME,
        schema: NOTIFICATIONS_SCHEMA,
        migrations: NOTIFICATIONS_MIGRATIONS,
        poolSize: database.poolSize,
      }),
    );
  }

  /** Says in `/health/ready` whether it answers. */
  watch(readiness: Readiness, { database: { url = '', tls } }: Pick<Environment, 'database'>): void {
    watchDatabase(readiness, APPLICATION_NAME, { url, tls, applicationName: APPLICATION_NAME });
  }

  get pool(): Pool {
    return poolOf(this.dataSource);
  }

  /** Runs all of `work`, or nothing. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
