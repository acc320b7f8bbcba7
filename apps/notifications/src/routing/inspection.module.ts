import { Module } from '@nestjs/common';
import { InstanceGateModule } from '../api/instance-gate.module.js';
import { ConfigurationModule } from '../configuration/configuration.module.js';
import { FilterController } from '../filters/filter.controller.js';
import { LatestEvents } from '../filters/latest-events.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { SourceMetricsController } from '../source-metrics/source-metrics.controller.js';
import { SourceMetricsRepository } from '../source-metrics/source-metrics.repository.js';
import { StoredEventsModule } from '../stored-events/stored-events.module.js';
import { RoutedDeliveryRepository } from './routed-delivery.repository.js';
import { RoutingController } from './routing.controller.js';

/** What admins ask of rules: what they would match, what they have matched, and why an event went where it went. */
@Module({
  imports: [ConfigurationModule, InstanceGateModule, NotificationsDatabaseModule, StoredEventsModule],
  controllers: [RoutingController, FilterController, SourceMetricsController],
  providers: [LatestEvents, RoutedDeliveryRepository, SourceMetricsRepository],
})
export class InspectionModule {}
