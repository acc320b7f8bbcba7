import { Module } from '@nestjs/common';
import { InstanceRepository } from '../instances/instance.repository.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { InstanceGate } from './instance-gate.js';

/** For every module that has routes within instances. */
@Module({
  imports: [NotificationsDatabaseModule],
  providers: [InstanceRepository, InstanceGate],
  exports: [InstanceRepository, InstanceGate],
})
export class InstanceGateModule {}
