import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a receiver answers a request that it has read, or an unread connection. */
export type RawBehaviour = (socket: Socket, request: string) => void;

/** A receiver that is no HTTP server. */
export interface RawReceiver {
  readonly url: URL;
  readonly close: () => void;
}

/**
 * Opens a receiver that writes what it is told to.
 * @param behave called for each request, which says how long its body is, once it was read
 * @param greet called for each connection
 */
export async function rawReceiver(behave: RawBehaviour, greet?: (socket: Socket) => void): Promise<RawReceiver> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let read = Buffer.alloc(0);
    greet?.(socket);
    socket.on('data', (chunk) => {
      // It has said that it is done: what comes behind that was never read.
      if (socket.writableEnded) return;
      read = Buffer.concat([read, chunk]);
      const head = read.indexOf('\r\n\r\n');
      const [, length = '0'] = /^content-length: *(\d+)/im.exec(read.toString('latin1', 0, Math.max(0, head))) ?? [];
      if (head < 0 || read.length < head + 4 + Number(length)) return;
      const request = read.toString();
      read = Buffer.alloc(0);
      behave(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`), close };
}

/** Writes these, one after the other, and keeps the connection; in Latin-1. */
export function writes(...parts: readonly string[]): RawBehaviour {
  return (socket) => {
    void (async () => {
      for (const part of parts) {
        socket.write(part, 'latin1');
        if (parts.length > 1) await delay(5);
      }
    })();
  };
}

/** Writes this and closes. */
export function closes(raw: string): RawBehaviour {
  return (socket) => socket.end(raw, 'latin1');
}

/** Writes this and resets the connection when it is out. */
export function resets(raw: string): RawBehaviour {
  return (socket) => socket.write(raw, 'latin1', () => setTimeout(() => socket.resetAndDestroy(), 20));
}

/** The head of an answer. @param status with its reason */
export function head(status: string, ...lines: readonly string[]): string {
  return `HTTP/1.1 ${[status, ...lines].join('\r\n')}\r\n\r\n`;
}
