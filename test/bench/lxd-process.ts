import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What an LXD server of the bench tells: where it is, that somebody listens, that all was sent. */
export type LxdNews = { readonly port: number } | 'listened-to' | 'sent';

/** So much may wait in a socket before the next messages are made, bytes. */
const WAITING_BYTES = 1_048_576;
const AT_ONCE = 200;

// A server of LXD events: sends as many as its parent orders to whoever connected last, as fast as that one reads.
let listener: WebSocket | undefined;
let made = 0;

const server = createServer();
const sockets = new WebSocketServer({ server, path: '/1.0/events', perMessageDeflate: false });
sockets.on('connection', (socket) => {
  listener = socket;
  tell('listened-to');
});
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));

process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (count: number) => {
  const socket = listener;
  if (socket !== undefined) send(socket, count);
});

function send(socket: WebSocket, count: number): void {
  let left = count;
  const some = (): void => {
    for (let n = 0; n < AT_ONCE && left > 0; n += 1, left -= 1) socket.send(message(made++));
    if (left === 0) tell('sent');
    else if (socket.bufferedAmount < WAITING_BYTES) setImmediate(some);
    else setTimeout(some, 1);
  };
  some();
}

function message(n: number): string {
  const timestamp = new Date(1_793_606_513_000 + Math.floor(n / 1_000)).toISOString().replace('Z', '');
  return JSON.stringify({
    type: 'lifecycle',
    timestamp: `${timestamp}${String(n % 1_000).padStart(3, '0')}000Z`,
    metadata: {
      action: 'instance-started',
      source: `/1.0/instances/web-${n % 500}?project=shop`,
      requestor: { username: 'ann@example.org', protocol: 'oidc', address: '192.0.2.17:51334' },
      name: `web-${n % 500}`,
      project: 'shop',
    },
    location: 'rack1-node3',
    project: 'shop',
  });
}

function tell(news: LxdNews): void {
  process.send?.(news);
}
