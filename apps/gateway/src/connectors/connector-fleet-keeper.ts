import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { Catalogue } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import type { RecordPublisher } from '@tidings/transport';
import { PUBLISHER } from '../broker.module.js';
import { GatewayMetrics } from '../gateway-metrics.js';
import { connectorGuard } from './connector-dialling.js';
import { readConnectorFile } from './connector-file.js';
import { ConnectorFleet } from './connector-fleet.js';
import { ConnectorHookController } from './connector-hook.controller.js';
import { ConnectorHookService } from './connector-hook.service.js';
import { ConnectorLocks } from './connector-locks.store.js';
import { ConnectorMetrics } from './connector-metrics.js';
import type { ConnectorSettings } from './connector-settings.js';
import { ConnectorController } from './connector.controller.js';
import { ConnectorRepository } from './connector.repository.js';
import { CONNECTORS, ConnectorService } from './connector.service.js';
import { GatewayDatabase } from './gateway-database.store.js';

/** Starts the connectors once Kafka can be used, and ends them before the application closes what they need. */
@Injectable()
class ConnectorFleetKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ConnectorFleet) private readonly fleet: ConnectorFleet,
    private readonly metrics: ConnectorMetrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.metrics.watch(this.fleet);
    await this.fleet.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.fleet.stop();
  }
}

export const CONNECTOR_CONTROLLERS = [ConnectorController, ConnectorHookController] as const;

/** What the gateway's module needs for its connectors; where none is configured they do nothing and need no database. */
export const CONNECTOR_PROVIDERS: readonly Provider[] = [
  {
    provide: CONNECTORS,
    inject: [ENVIRONMENT],
    useFactory: ({ connectors }: Environment): readonly ConnectorSettings[] =>
      connectors === undefined ? [] : readConnectorFile(connectors),
  },
  {
    provide: GatewayDatabase,
    inject: [ENVIRONMENT, CONNECTORS],
    useFactory: (environment: Environment, connectors: readonly ConnectorSettings[]) =>
      GatewayDatabase.open(environment, { isNeeded: connectors.length > 0 }),
  },
  {
    provide: ConnectorRepository,
    inject: [GatewayDatabase],
    useFactory: (database: GatewayDatabase) => new ConnectorRepository(database),
  },
  {
    provide: ConnectorFleet,
    inject: [
      ...[CONNECTORS, GatewayDatabase, ConnectorRepository],
      ...[Catalogue, ENVIRONMENT, PUBLISHER, GatewayMetrics, ConnectorMetrics],
    ],
    useFactory: (
      connectors: readonly ConnectorSettings[],
      database: GatewayDatabase,
      repository: ConnectorRepository,
      catalogue: Catalogue,
      environment: Environment,
      publisher: RecordPublisher,
      metrics: GatewayMetrics,
      own: ConnectorMetrics,
    ) =>
      new ConnectorFleet(
        connectors,
        {
          ...{ catalogue, environment, publisher, repository },
          count: (system, status) => metrics.count(system, status),
          tally: (connector, count, amount) => own.add(connector, count, amount),
        },
        new ConnectorLocks(database),
        connectorGuard(environment.notifications.outboundAllow),
      ),
  },
  ConnectorMetrics,
  ConnectorService,
  ConnectorHookService,
  ConnectorFleetKeeper,
];
