import { Module } from '@nestjs/common';
import { HealthModule, MetricsModule } from '@tidings/runtime';
import { AccessModule } from './access-module.js';
import { Public, Requires } from './route-access.js';

/** What those who run a process ask of it: health, open to all, and metrics. Every app imports it. */
@Module({ imports: [AccessModule, HealthModule.forRoot(Public()), MetricsModule.forRoot(Requires('admin'))] })
export class OperationsModule {}
