import { Module } from '@nestjs/common';
import { QueryModule } from '../query/query.module.js';
import { ExportController } from './export.controller.js';
import { ExportRepository } from './export.repository.js';
import { ExportService } from './export.service.js';

/** How events are exported. Needs the `DatabaseModule`. */
@Module({
  imports: [QueryModule],
  controllers: [ExportController],
  providers: [ExportService, ExportRepository],
})
export class ExportModule {}
