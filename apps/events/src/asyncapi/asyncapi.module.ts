import { Module } from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { AsyncApiController } from './asyncapi.controller.js';

/** What travels on Kafka, written down. Needs the `EnvironmentModule`. */
@Module({
  controllers: [AsyncApiController],
  providers: [{ provide: Catalogue, useValue: catalogue }],
})
export class AsyncApiModule {}
