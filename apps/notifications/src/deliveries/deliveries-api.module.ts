import { Module } from '@nestjs/common';
import { InstanceGateModule } from '../api/instance-gate.module.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { ReplayController } from '../replays/replay.controller.js';
import { ReplayRepository } from '../replays/replay.repository.js';
import { StoredEventsModule } from '../stored-events/stored-events.module.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryController } from './delivery.controller.js';

/** What admins see of deliveries, and what they may do with them. */
@Module({
  imports: [InstanceGateModule, NotificationsDatabaseModule, StoredEventsModule],
  controllers: [DeliveryController, ReplayController],
  providers: [DeliveriesRepository, ReplayRepository],
})
export class DeliveriesApiModule {}
