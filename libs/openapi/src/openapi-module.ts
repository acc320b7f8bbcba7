import { Module } from '@nestjs/common';
import { DocumentController } from './document.controller.js';
import { API_OPERATIONS } from './operation.js';
import { OPERATING_OPERATIONS } from './operating.operations.js';

/** What the process's HTTP API is. Every app imports it, and provides {@link API_OPERATIONS} for its own routes. */
@Module({
  controllers: [DocumentController],
  providers: [{ provide: API_OPERATIONS, useValue: OPERATING_OPERATIONS }],
})
export class OpenApiModule {}
