import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { EventController } from './event.controller.js';
import { EventRepository } from './event.repository.js';
import { EventService } from './event.service.js';
import { TypeDictionaryRepository } from './type-dictionary.repository.js';

/** How events are queried. Needs the `DatabaseModule`. */
@Module({
  controllers: [EventController],
  providers: [EventService, EventRepository, TypeDictionaryRepository, { provide: Catalogue, useValue: catalogue }],
  exports: [TypeDictionaryRepository, Catalogue],
})
export class QueryModule {}
