import type { Socket } from 'node:net';
import type { Principal } from './principal.js';

const principals = new WeakMap<Socket, Principal>();

/**
 * Trusts a connection itself, whatever its requests carry: a unix socket whose file decides who may open it, or TLS with
 * a registered client certificate.
 */
export function trustConnection(socket: Socket, principal: Principal): void {
  principals.set(socket, principal);
}

/** As whom a connection is trusted; undefined where its requests have to say who they are. */
export function principalOfConnection(socket: Socket): Principal | undefined {
  return principals.get(socket);
}
