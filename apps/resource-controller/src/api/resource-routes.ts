import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Requires } from '@tidings/access';
import { CheckedRequests, Fails } from '@tidings/openapi';
import { DatabaseAvailability } from './database-availability.interceptor.js';
import { SourceGuard } from './resource-caller.js';

/** A controller of this app: who may call it, how its requests are checked, and what the document says of all its routes. */
export const ResourceRoutes = (path: string): ClassDecorator =>
  applyDecorators(
    Controller(path),
    Requires('events:publish'),
    UseGuards(SourceGuard),
    UseInterceptors(DatabaseAvailability),
    CheckedRequests(),
    ApiTags('Resource controller'),
    Fails('source_not_allowed', 'database_unavailable'),
  );
