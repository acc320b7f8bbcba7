import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { BrokerModule } from '../broker.module.js';
import { DeadLetterController } from './dead-letter.controller.js';
import { DeadLetterService } from './dead-letter.service.js';
import { KeptLetterRepository } from './kept-letter.repository.js';

/** How dead letters are read, repaired and sent again. Needs the `DatabaseModule` and the `EnvironmentModule`. */
@Module({
  imports: [BrokerModule],
  controllers: [DeadLetterController],
  providers: [DeadLetterService, KeptLetterRepository, { provide: Catalogue, useValue: catalogue }],
})
export class DeadLettersModule {}
