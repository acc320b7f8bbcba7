import { Module } from '@nestjs/common';
import { EventCounts } from '../query/event-counts.js';
import { RolledEventCounts } from './event-counts.repository.js';

/** The counts that are kept ready. Needs the `DatabaseModule`. */
@Module({
  providers: [{ provide: EventCounts, useClass: RolledEventCounts }],
  exports: [EventCounts],
})
export class CountsModule {}
