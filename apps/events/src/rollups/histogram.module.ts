import { Module } from '@nestjs/common';
import { QueryModule } from '../query/query.module.js';
import { CountsModule } from './counts.module.js';
import { HistogramController } from './histogram.controller.js';
import { HistogramService } from './histogram.service.js';

/** Counts of events by time. Needs the `DatabaseModule`. */
@Module({
  imports: [QueryModule, CountsModule],
  controllers: [HistogramController],
  providers: [HistogramService],
})
export class HistogramModule {}
