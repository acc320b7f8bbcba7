import type { Socket } from 'node:net';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@tidings/runtime';
import { tokenOf } from './authorization-header.js';
import { rememberCaller } from './caller.js';
import { principalOfConnection } from './connection-principals.js';
import type { Principal } from './principal.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';
import { digestToken, TokenStore } from './token-store.js';

/** As much of a request as tells who sent it. */
export interface Credentials {
  readonly headers: { readonly authorization?: string };
  readonly socket: Socket;
}

/**
 * Finds out who sent a request.
 * @returns undefined when it carries no credentials
 * @throws {DomainError} `invalid_token` when they are not, or no longer, valid
 */
export async function authenticate(
  { headers, socket }: Credentials,
  tokens: TokenStore,
): Promise<Principal | undefined> {
  const token = tokenOf(headers.authorization);
  if (token === undefined) return principalOfConnection(socket);
  const principal = await tokens.find(digestToken(token));
  if (principal === undefined) throw new DomainError('invalid_token');
  return principal;
}

/**
 * Checks that a caller may do what a route demands.
 * @param access undefined: the route declares nothing, and nobody may call it
 * @throws {DomainError} `not_authenticated` or `permission_denied`
 */
export function authorise(principal: Principal | undefined, access: RouteAccess | undefined): void {
  if (access === 'public') return;
  if (principal === undefined) throw new DomainError('not_authenticated');
  if (access === 'authenticated') return;
  if (access === undefined || !principal.permissions.has(access)) throw new DomainError('permission_denied');
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
    const request = context.switchToHttp().getRequest<Credentials>();
    const principal = await this.principalOf(request, access);
    authorise(principal, access);
    if (principal !== undefined) rememberCaller(request, principal);
    return true;
  }

  /** What is open to all is open to those with a wrong token, too. */
  private async principalOf(request: Credentials, access: RouteAccess | undefined): Promise<Principal | undefined> {
    try {
      return await authenticate(request, this.tokens);
    } catch (error) {
      if (access === 'public') return undefined;
      throw error;
    }
  }
}
