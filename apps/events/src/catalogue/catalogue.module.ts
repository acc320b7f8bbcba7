import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { CatalogueController } from './catalogue.controller.js';

/** What an event can be. Needs the `EnvironmentModule`. */
@Module({
  controllers: [CatalogueController],
  providers: [{ provide: Catalogue, useValue: catalogue }],
})
export class CatalogueModule {}
