import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@tidings/runtime';
import { tokenOf } from './authorization-header.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';
import { digestToken, TokenStore } from './token-store.js';

interface IncomingRequest {
  readonly headers: { readonly authorization?: string };
}

/** Lets nobody through to a route that does not say who may call it. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const { authorization } = context.switchToHttp().getRequest<IncomingRequest>().headers;
    const token = tokenOf(authorization);
    if (token === undefined) throw new DomainError('not_authenticated');
    const principal = await this.tokens.find(digestToken(token));
    if (principal === undefined) throw new DomainError('invalid_token');
    if (access === undefined || !principal.permissions.has(access)) throw new DomainError('permission_denied');
    return true;
  }
}
