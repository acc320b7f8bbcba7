import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Headers that offer another protocol; without them the request is an ordinary one. */
const OFFERS = new Set(['connection', 'upgrade', 'http2-settings']);

/**
 * Answers a request as if it had not offered to change the protocol, as RFC 9110 lets a server do. Once somebody listens
 * for upgrades, Node hands such requests over with their bodies unread; so the connection begins anew with the same
 * request, less the offer.
 */
export function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!OFFERS.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1] ?? ''}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}

/** The connection under an upgrade: HTTP servers of Node have nothing but sockets. */
export function connectionOf(socket: Duplex): Socket {
  if (!(socket instanceof Socket)) throw new TypeError('An upgrade came on something that is no socket');
  return socket;
}
