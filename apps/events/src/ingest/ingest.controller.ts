import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { BatchContext, HandlerFailureFilter, type RecordBatch } from '@tidings/transport';
import { BatchIngest } from './batch-ingest.js';

/** Takes every batch of the lifecycle kafkaTopics. A rejection leaves the batch unacknowledged, and it comes again. */
@Controller()
@UseFilters(HandlerFailureFilter)
export class IngestController {
  constructor(private readonly ingest: BatchIngest) {}

  @EventPattern<string>('lifecycle.*')
  async store(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    await this.ingest.handle(batch, context.getControl());
  }
}
