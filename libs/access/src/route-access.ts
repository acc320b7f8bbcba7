import { SetMetadata } from '@nestjs/common';
import type { Permission } from './permissions.js';

/** Under which key a route's demand stands in its metadata. */
export const ROUTE_ACCESS = 'tidings:route-access';

/** What a route demands: a permission, or nothing at all. */
export type RouteAccess = Permission | 'public';

/** The route, or every route of the controller, is for callers that hold the permission. */
export const Requires = (permission: Permission) => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, permission);

/** The route, or every route of the controller, is for everybody. */
export const Public = () => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, 'public');
