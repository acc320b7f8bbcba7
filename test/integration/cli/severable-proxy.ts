import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Stands between a client and a server, and can cut what runs through it. */
export class SeverableProxy {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  /** What the server has said. */
  said = '';

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(target: string): Promise<SeverableProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer((client) => {
      if (proxy.isCut) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(port), hostname);
      upstream.on('data', (chunk) => (proxy.said += String(chunk)));
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        proxy.sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          proxy.sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new SeverableProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return proxy;
  }

  /** Cuts every connection, and lets none through. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
