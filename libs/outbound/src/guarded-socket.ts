import { connect as connectPlain, isIP, Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { OutboundGuard } from './outbound-guard.js';

export interface Dialling {
  readonly host: string;
  readonly port: number;
  /** Undefined: without TLS. */
  readonly tls?: ConnectionOptions | undefined;
  /** Called when the connection, with its TLS, stands. */
  readonly onConnect?: (() => void) | undefined;
}

/**
 * Opens a connection for protocols that bring their own client, such as SMTP and Kafka. Where it may not lead it is
 * destroyed with an {@link OutboundRefused}, as a connection that failed.
 */
export function dialGuarded(guard: OutboundGuard, { host, port, tls, onConnect }: Dialling): Socket {
  const refusal = guard.refusalOfHost(host);
  if (refusal !== undefined) {
    const socket = new Socket();
    process.nextTick(() => socket.destroy(refusal));
    return socket;
  }
  const where = { host, port, lookup: guard.lookup };
  const socket =
    tls === undefined
      ? connectPlain(where)
      : connectTls({ ...(isIP(host) === 0 && { servername: host }), ...tls, ...where });
  refuseWrongPeer(guard, socket);
  if (onConnect !== undefined) {
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => void (socket.destroyed || onConnect()));
  }
  return socket;
}

/** Once more when the connection stands, whatever the way there was, and before anything is sent over it. */
function refuseWrongPeer(guard: OutboundGuard, socket: Socket): void {
  socket.once('connect', () => {
    const { remoteAddress } = socket;
    const refusal = remoteAddress === undefined ? undefined : guard.refusalOf(remoteAddress);
    if (refusal !== undefined) socket.destroy(refusal);
  });
}
