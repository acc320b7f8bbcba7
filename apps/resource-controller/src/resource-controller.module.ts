import { Module } from '@nestjs/common';
import { AccessModule, OperationsModule } from '@tidings/access';
import { OpenApiModule } from '@tidings/openapi';
import { TidingsModule } from '@tidings/publishing';
import { OutboxPublisher, TidingsOutboxModule } from '@tidings/publishing/outbox';
import { configuredBrokers, ENVIRONMENT, type Environment } from '@tidings/runtime';
import { SOURCE } from './api/resource-names.js';
import { OutboxMetrics } from './events/outbox-metrics.js';
import { GroupController } from './groups/group.controller.js';
import { GroupService } from './groups/group.service.js';
import { InstanceController } from './instances/instance.controller.js';
import { InstanceService } from './instances/instance.service.js';
import { KeyController } from './keys/key.controller.js';
import { KeyService } from './keys/key.service.js';
import { OperationWorker } from './operations/operation-worker.js';
import { ReclamationController } from './reclamations/reclamation.controller.js';
import { ReclamationService } from './reclamations/reclamation.service.js';
import { RESOURCE_SCHEMA, ResourceDatabase } from './resource-database.store.js';

/** A producer as a team would write one. The process's root module has to import `EnvironmentModule` beside it. */
@Module({
  imports: [
    AccessModule,
    OperationsModule,
    OpenApiModule,
    TidingsModule.forRootAsync({
      inject: [ENVIRONMENT],
      useFactory: ({ kafka, maxEventBytes }: Environment) => ({
        brokers: configuredBrokers(kafka),
        prefix: kafka.prefix,
        ...(kafka.tls !== undefined && { tls: kafka.tls }),
        ...(kafka.sasl !== undefined && { sasl: kafka.sasl }),
        clientId: 'tidings-resource-controller',
        maxEventBytes,
      }),
    }),
    TidingsOutboxModule.forRootAsync({
      inject: [ENVIRONMENT],
      useFactory: ({ database: { url, tls }, maxEventBytes }: Environment) => ({
        schema: RESOURCE_SCHEMA,
        origin: { source: SOURCE },
        maxEventBytes,
        database: {
          ...(url !== undefined && { connectionString: url }),
          ssl: tls === undefined ? false : { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify },
        },
      }),
    }),
  ],
  controllers: [InstanceController, KeyController, GroupController, ReclamationController],
  providers: [
    {
      provide: ResourceDatabase,
      inject: [ENVIRONMENT, OutboxPublisher],
      useFactory: (environment: Environment, outbox: OutboxPublisher) => ResourceDatabase.open(environment, outbox),
    },
    InstanceService,
    KeyService,
    GroupService,
    ReclamationService,
    OperationWorker,
    OutboxMetrics,
  ],
})
export class ResourceControllerModule {}
