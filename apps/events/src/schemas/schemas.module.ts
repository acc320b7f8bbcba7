import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { SchemaController } from './schema.controller.js';

/** What `dataschema` points to. */
@Module({
  controllers: [SchemaController],
  providers: [{ provide: Catalogue, useValue: catalogue }],
})
export class SchemasModule {}
