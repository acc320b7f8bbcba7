import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { CountsModule } from '../rollups/counts.module.js';
import { EventController } from './event.controller.js';
import { EventRepository } from './event.repository.js';
import { EventService } from './event.service.js';
import { LargePageWriter } from './large-page-writer.js';
import { QueryQuota } from './query-quota.js';
import { SearchedEventRepository } from './searched-event.repository.js';
import { SettingRepository } from './setting.repository.js';
import { TypeDictionaryRepository } from './type-dictionary.repository.js';

/** How events are queried. Needs the `DatabaseModule`. */
@Module({
  imports: [CountsModule],
  controllers: [EventController],
  providers: [
    EventService,
    EventRepository,
    LargePageWriter,
    QueryQuota,
    SearchedEventRepository,
    SettingRepository,
    TypeDictionaryRepository,
    { provide: Catalogue, useValue: catalogue },
  ],
  exports: [EventService, QueryQuota, TypeDictionaryRepository, Catalogue],
})
export class QueryModule {}
