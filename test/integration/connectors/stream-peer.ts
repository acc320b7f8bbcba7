import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { type WebSocket, WebSocketServer } from 'ws';

export interface StreamPeerOptions {
  /** The path of a unix socket, or a port; 0 chooses one. */
  readonly at: string | number;
  readonly tls?: ServerOptions;
  readonly path: string;
  /** What ends a connection that says so: LXD hangs up on any data frame. */
  readonly onData?: (text: string, socket: WebSocket) => void;
  /** Whether whoever asks may listen. */
  readonly admits?: (request: IncomingMessage) => boolean;
}

/** A server of a WebSocket that can be killed and started again at the same place. */
export class StreamPeer {
  readonly requests: string[] = [];
  private server: Server | undefined;
  private sockets = new Set<WebSocket>();
  private place: string | number;

  constructor(private readonly options: StreamPeerOptions) {
    this.place = options.at;
  }

  get port(): number {
    return Number(this.place);
  }

  get listeners(): number {
    return this.sockets.size;
  }

  async start(): Promise<this> {
    const { tls, path, onData, admits } = this.options;
    const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    const webSockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.requests.push(request.url ?? '');
      if (request.url?.split('?')[0] !== path || admits?.(request) === false) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.sockets.add(webSocket);
        webSocket.on('close', () => this.sockets.delete(webSocket)).on('error', () => undefined);
        webSocket.on('message', (data: Buffer) => onData?.(data.toString('utf8'), webSocket));
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (typeof this.place === 'string') {
        rmSync(this.place, { force: true });
        server.listen(this.place, resolve);
      } else server.listen(this.place, '127.0.0.1', resolve);
    });
    if (typeof this.place === 'number') this.place = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** To everybody who listens. */
  send(...messages: readonly (object | string)[]): void {
    for (const message of messages) {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (const socket of this.sockets) socket.send(text);
    }
  }

  /** As kill -9 does: connections break, and nobody listens any more. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.terminate();
    this.sockets.clear();
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }
}

/** LXD's event stream, as far as reference and clients tell: any data frame from a client ends its connection. */
export function lxdPeer(at: string | number, tls?: ServerOptions): StreamPeer {
  return new StreamPeer({
    at,
    path: '/1.0/events',
    ...(tls !== undefined && { tls }),
    onData: (_text, socket) => socket.close(),
  });
}

/** CDS's, whose clients say first what they want. @param asked what they said */
export function cdsPeer(token: string, asked: string[]): StreamPeer {
  return new StreamPeer({
    at: 0,
    path: '/v2/ws',
    admits: ({ headers }) => headers.authorization === `Bearer ${token}`,
    onData: (text) => asked.push(text),
  });
}

let counted = 0;

/** A native event of LXD, different from all others. */
export function lxdEvent(name: string): object {
  counted += 1;
  const source = `/1.0/instances/${name}`;
  return {
    type: 'lifecycle',
    timestamp: new Date(Date.now()).toISOString().replace('Z', `${String(counted % 1_000).padStart(3, '0')}123Z`),
    metadata: { action: 'instance-created', source, requestor: { username: 'ann', protocol: 'unix', address: '@' } },
    location: 'none',
    project: 'default',
  };
}

/** A native event of CDS. */
export function cdsEvent(id: string): object {
  return {
    id,
    type: 'ProjectCreated',
    project_key: 'GENOME',
    payload: {},
    user_id: 'u1',
    username: 'bruno',
    timestamp: new Date().toISOString(),
  };
}
