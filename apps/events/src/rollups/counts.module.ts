import { Module } from '@nestjs/common';
import { EventCounts } from '../query/event-counts.js';
import { SearchSegmentRepository } from '../query/search-segment.repository.js';
import { RolledEventCounts } from './event-counts.repository.js';

/** The counts that are kept ready. Needs the `DatabaseModule`. */
@Module({
  providers: [SearchSegmentRepository, { provide: EventCounts, useClass: RolledEventCounts }],
  exports: [EventCounts, SearchSegmentRepository],
})
export class CountsModule {}
