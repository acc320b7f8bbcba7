import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permissions.js';

/** Under which key a route's demand stands in its metadata. */
export const ROUTE_ACCESS = 'tidings:route-access';

/** Under which key an operation of the API's document brings its demand until the document is finished. */
export const ACCESS_EXTENSION = 'x-access';

/** What a route demands: a permission, any valid token, or nothing at all. */
export type RouteAccess = Permission | 'authenticated' | 'public';

/** The route, or every route of the controller, is for callers that hold the permission. */
export const Requires = (permission: Permission) => demands(permission);

/** The route, or every route of the controller, is for whoever has a token, whatever it permits. */
export const Authenticated = () => demands('authenticated');

/**
 * The route, or every route of the controller, is for everybody. {@link Caller} is undefined there for callers without a
 * valid token.
 */
export const Public = () => demands('public');

/** For the guard and for the document. */
function demands(access: RouteAccess) {
  return applyDecorators(
    SetMetadata<string, RouteAccess>(ROUTE_ACCESS, access),
    ApiExtension(ACCESS_EXTENSION, access),
  );
}
