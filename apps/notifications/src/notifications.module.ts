import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule, OperationsModule } from '@tidings/access';
import { OpenApiModule } from '@tidings/openapi';
import type { Environment } from '@tidings/runtime';
import { AdminApiModule } from './api/admin-api.module.js';
import { ConfigurationModule } from './configuration/configuration.module.js';
import { DeliveriesApiModule } from './deliveries/deliveries-api.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { MatchingModule } from './matching/matching.module.js';
import { InspectionModule } from './routing/inspection.module.js';
import { StoredEventsModule } from './stored-events/stored-events.module.js';

/** How events go out, in the roles that the environment gives: `match`, `deliver`, `api`. */
@Module({})
export class NotificationsModule {
  static forRoot({ roles }: Environment): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [
        AccessModule,
        OperationsModule,
        OpenApiModule,
        ConfigurationModule,
        StoredEventsModule,
        ...(roles.includes('match') ? [MatchingModule] : []),
        ...(roles.includes('deliver') ? [DeliveryModule] : []),
        ...(roles.includes('api') ? [AdminApiModule, DeliveriesApiModule, InspectionModule] : []),
      ],
    };
  }
}
