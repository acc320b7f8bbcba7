import { SetMetadata } from '@nestjs/common';
import type { Permission } from './permissions.js';

/** Under which key a route's demand stands in its metadata. */
export const ROUTE_ACCESS = 'tidings:route-access';

/** What a route demands: a permission, any valid token, or nothing at all. */
export type RouteAccess = Permission | 'authenticated' | 'public';

/** The route, or every route of the controller, is for callers that hold the permission. */
export const Requires = (permission: Permission) => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, permission);

/** The route, or every route of the controller, is for whoever has a token, whatever it permits. */
export const Authenticated = () => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, 'authenticated');

/**
 * The route, or every route of the controller, is for everybody. {@link Caller} is undefined there for callers without a
 * valid token.
 */
export const Public = () => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, 'public');
