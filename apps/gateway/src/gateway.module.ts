import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule, OperationsModule } from '@tidings/access';
import { OpenApiModule } from '@tidings/openapi';
import { ENVIRONMENT, type Environment, HeldBytes } from '@tidings/runtime';
import type { RecordPublisher, Transport } from '@tidings/transport';
import { BrokerModule, PUBLISHER } from './broker.module.js';
import { CloudEventsController } from './cloud-events/cloud-events.controller.js';
import { CloudEventsService } from './cloud-events/cloud-events.service.js';
import { CONNECTOR_CONTROLLERS, CONNECTOR_PROVIDERS } from './connectors/connector-fleet-keeper.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { BodyIntake } from './intake/body-intake.js';
import { InFlightBudget } from './intake/in-flight-budget.js';
import { NativeEventsController } from './native/native-events.controller.js';
import { NativeEventsService } from './native/native-events.service.js';

/** Half of what the transport lets wait, so that it never turns away what this process has let in. */
const IN_FLIGHT_BYTES = 24 * 1024 * 1024;

/** Room for dozens of the largest events at once, and for thousands of usual ones. */
const HELD_BYTES = 64 * 1024 * 1024;

export interface GatewayOptions {
  /** How events travel; a connection to the environment's Kafka unless told otherwise. */
  readonly transport?: Transport;
}

/** How events come in: CloudEvents over HTTP, and one native adapter a system. */
@Module({})
export class GatewayModule {
  /** The process's root module has to import `EnvironmentModule` beside it. */
  static forRoot({ transport }: GatewayOptions = {}): DynamicModule {
    return {
      module: GatewayModule,
      imports: [AccessModule, OperationsModule, OpenApiModule, BrokerModule.forRoot(transport)],
      controllers: [CloudEventsController, NativeEventsController, ...CONNECTOR_CONTROLLERS],
      providers: [
        CloudEventsService,
        NativeEventsService,
        GatewayMetrics,
        ...CONNECTOR_PROVIDERS,
        {
          provide: BodyIntake,
          inject: [PUBLISHER, ENVIRONMENT, GatewayMetrics],
          useFactory: (publisher: RecordPublisher, environment: Environment, metrics: GatewayMetrics) =>
            new BodyIntake(
              publisher,
              new InFlightBudget(IN_FLIGHT_BYTES),
              new HeldBytes(HELD_BYTES),
              environment,
              (system, result) => metrics.count(system, result),
            ),
        },
      ],
    };
  }
}
