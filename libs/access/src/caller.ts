import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';

const callers = new WeakMap<object, Principal>();

/** Remembers who sent a request; the guard does this once it knows. @param request Fastify's */
export function rememberCaller(request: object, principal: Principal): void {
  callers.set(request, principal);
}

/** Who sent a request. @param request Fastify's; undefined for an anonymous caller of a public route */
export function callerOf(request: object): Principal | undefined {
  return callers.get(request);
}

/** A parameter of a route's handler: its {@link Principal}; on public routes undefined for anonymous callers. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<object>()),
);
