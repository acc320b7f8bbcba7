import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a server and can swallow its connections: nothing passes any more, and nobody is told. */
export interface SwallowingProxy {
  /** The server's address, through the proxy. */
  readonly url: string;
  /** From now on the connections that are open lead nowhere; new ones work. */
  swallow(): void;
  close(): Promise<void>;
}

/** What a failover looks like that resets nothing. @param server its URL */
export async function swallowingProxy(server: string): Promise<SwallowingProxy> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let swallowed: ReadonlySet<Socket> = new Set();
  const proxy = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    open.add(client);
    const isSwallowed = (): boolean => swallowed.has(client);
    client.on('data', (bytes: Buffer) => void (isSwallowed() || upstream.write(bytes)));
    upstream.on('data', (bytes: Buffer) => void (isSwallowed() || client.write(bytes)));
    upstream.on('error', () => undefined).on('close', () => void (isSwallowed() || client.destroy()));
    client
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(client);
        upstream.destroy();
      });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(server);
  url.port = String((proxy.address() as AddressInfo).port);
  return {
    url: url.href,
    swallow: () => (swallowed = new Set(open)),
    close: async () => {
      for (const client of open) client.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
