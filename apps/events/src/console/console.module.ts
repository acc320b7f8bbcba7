import { Module } from '@nestjs/common';
import { API_OPERATIONS } from '@tidings/openapi';
import { ConsoleController } from './console.controller.js';
import { ConsoleFiles } from './console-files.js';
import { CONSOLE_OPERATIONS } from './console.operations.js';

/** Serves the web console beside the API that it uses. */
@Module({
  controllers: [ConsoleController],
  providers: [ConsoleFiles, { provide: API_OPERATIONS, useValue: CONSOLE_OPERATIONS }],
})
export class ConsoleModule {}
