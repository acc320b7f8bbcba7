import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createDataSource, type MigrationClass } from '@tidings/database';
import { createOutboxMigration, type OutboxPublisher } from '@tidings/publishing/outbox';
import { type Environment, StartError } from '@tidings/runtime';
import type { DataSource } from 'typeorm';
import { PendingOperation } from './entities/pending-operation.entity.js';
import { ResourceGroup } from './entities/resource-group.entity.js';
import { ServiceInstance } from './entities/service-instance.entity.js';
import { ServiceKey } from './entities/service-key.entity.js';
import { CreateResources1700002000000 } from './migrations/1700002000000-create-resources.js';
import { ResourceUnit } from './resource-unit.store.js';

/** The schema that this app owns; its outbox is in it. */
export const RESOURCE_SCHEMA = 'resource_controller';

/** Every migration of it, oldest first. */
const MIGRATIONS: readonly MigrationClass[] = [
  createOutboxMigration({ schema: RESOURCE_SCHEMA }),
  CreateResources1700002000000,
];

/** The connections to the schema `resource_controller`. */
@Injectable()
export class ResourceDatabase implements OnApplicationShutdown {
  private constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: OutboxPublisher,
  ) {}

  /** Connects and migrates. @throws {StartError} where no database is configured, or it cannot be used */
  static async open({ database }: Environment, outbox: OutboxPublisher): Promise<ResourceDatabase> {
    if (database.url === undefined) {
      throw new StartError('No database is configured. Set DATABASE_URL to postgres://…, or run the standalone app.');
    }
    const dataSource = await createDataSource({
      url: database.url,
      tls: database.tls,
      applicationName: 'tidings-resource-controller',
      schema: RESOURCE_SCHEMA,
      migrations: MIGRATIONS,
      entities: [ResourceGroup, ServiceInstance, ServiceKey, PendingOperation],
      poolSize: database.poolSize,
    });
    return new ResourceDatabase(dataSource, outbox);
  }

  /** Runs all of `work`, with the events that it tells, or nothing. */
  async transaction<T>(work: (unit: ResourceUnit) => Promise<T>): Promise<T> {
    return this.dataSource.transaction((manager) => work(new ResourceUnit(manager, this.outbox)));
  }

  /** For what only reads. */
  get reading(): Pick<ResourceUnit, 'groups' | 'instances' | 'keys'> {
    return new ResourceUnit(this.dataSource.manager, this.outbox);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
