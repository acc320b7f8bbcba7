import type { IncomingHttpHeaders } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError, ENVIRONMENT, type Environment } from '@tidings/runtime';

/** As much of a request as tells whether it comes from this machine. */
export interface LocalRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Pick<Socket, 'remoteAddress'>;
}

/** Whoever may open the unix socket: the mode of its file decides, as with LXD's own. */
export const SOCKET_PRINCIPAL: Principal = reader('unix-socket');

const LOOPBACK_PRINCIPAL: Principal = reader('loopback');

/** Headers by which a proxy says that it speaks for somebody else. */
const FORWARDED = /^(x-forwarded-|cf-|forwarded$|via$|x-real-ip$|(true|x|x-cluster|fastly)-client-ip$)/;

/** As whom callers of the LXD API are served. */
@Injectable()
export class LxdAccess {
  private readonly trustLoopback: boolean;

  constructor(@Inject(ENVIRONMENT) { lxdApi }: Environment) {
    this.trustLoopback = lxdApi.trustLoopback;
  }

  /**
   * Who may read events.
   * @param principal as the guard found it out, if it did
   * @returns undefined for those whom LXD calls untrusted
   */
  readerOf(principal: Principal | undefined, request: LocalRequest): Principal | undefined {
    if (principal !== undefined) return principal.permissions.has('events:read') ? principal : undefined;
    return this.trustLoopback && isLocal(request) ? LOOPBACK_PRINCIPAL : undefined;
  }

  /** @throws {DomainError} `permission_denied` for those whom LXD calls untrusted */
  demandReader(principal: Principal | undefined, request: LocalRequest): Principal {
    const reader = this.readerOf(principal, request);
    if (reader === undefined) throw new DomainError('permission_denied');
    return reader;
  }
}

/**
 * Whether a request was made on this machine, for this machine: not by a proxy on behalf of others, and not by a page
 * whose host name was made to lead here. One with credentials stands and falls with them, and over TLS they are a
 * certificate.
 */
function isLocal({ headers, socket }: LocalRequest): boolean {
  if (socket instanceof TLSSocket || headers.authorization !== undefined) return false;
  if (Object.keys(headers).some((name) => FORWARDED.test(name))) return false;
  return isLoopback(socket.remoteAddress ?? '') && isLoopbackHost(headers.host ?? '');
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function isLoopbackHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

function reader(id: string): Principal {
  return { id, name: id, permissions: new Set(['events:read']), scopes: ['lxd:*'], sources: [] };
}
