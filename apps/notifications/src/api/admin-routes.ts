import { applyDecorators, Controller, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Permission, Requires } from '@tidings/access';
import { DatabaseAvailability } from '@tidings/database';
import { CheckedRequests, Fails, RequestPipe } from '@tidings/openapi';

/** As IBM's clients mean them. */
const POLICY = { nullIsMissing: true } as const;

/** Checks bodies that routes read themselves. */
export const ADMIN_REQUESTS = new RequestPipe(POLICY);

/** A controller of the admin API: who may call it, how its requests are checked, and what its routes have in common. */
export const AdminRoutes = (
  path: string,
  tag: string,
  permission: Permission = 'notifications:admin',
): ClassDecorator =>
  applyDecorators(
    Controller(path),
    Requires(permission),
    UseInterceptors(DatabaseAvailability),
    CheckedRequests(POLICY),
    ApiTags(tag),
    Fails('database_unavailable'),
  );
