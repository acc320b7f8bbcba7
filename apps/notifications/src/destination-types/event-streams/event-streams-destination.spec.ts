import { type AddressInfo, createServer, type Socket } from 'node:net';
import { OutboundGuard } from '@tidings/outbound';
import { afterEach, expect, it } from 'vitest';
import type { OpenDestination, Shipment } from '../destination-type.js';
import { eventStreams } from './event-streams-type.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What takes connections and never answers. @returns its port */
async function silentServer(): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function destinationAt(endpoint: string, outbound: OutboundGuard): OpenDestination {
  const { config, secrets } = eventStreams.readConfig({ endpoint, topic: 'taken' });
  const destination = eventStreams.open({ config, secrets: secrets ?? {}, signingSecrets: [], outbound });
  closing.push(() => destination.close());
  return destination;
}

const EVENT = { specversion: '1.0', id: '1', source: '/lxd/rack1', type: 'com.canonical.lxd.operation' };
const SHIPMENT: Shipment = {
  ...{ messageId: 'msg_1', attempt: 1, notificationId: 'n', kafkaKey: null, attributes: {}, rendered: undefined },
  eventText: JSON.stringify({ ...EVENT, time: '2026-11-02T08:01:53Z', data: {} }),
};

it('an attempt ends with its deadline, also while a connection opens to what never answers', async () => {
  const destination = destinationAt(`127.0.0.1:${await silentServer()}`, new OutboundGuard(['127.0.0.0/8']));
  const deadline = new AbortController();
  const result = destination.deliver(SHIPMENT, deadline.signal);
  deadline.abort();
  // What Kafka's client would have said in the end has another status.
  expect(await result).toMatchObject({ outcome: 'failed', status: 'timeout', backOff: true });
});

it('an address that was refused once does not make a later failure final', async () => {
  const refusedOnce = new AbortController();
  let asked = 0;
  const guard = new OutboundGuard(['127.0.0.0/8'], (_host, _options, done) => {
    asked += 1;
    // It is asked again after the first connection was refused.
    if (asked === 2) refusedOnce.abort();
    done(null, [{ address: asked > 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
  });
  const destination = destinationAt(`kafka.example.com:${await silentServer()}`, guard);
  expect(await destination.deliver(SHIPMENT, refusedOnce.signal)).toMatchObject({ status: 'blocked' });
  expect(await destination.deliver(SHIPMENT, new AbortController().signal)).toMatchObject({ outcome: 'failed' });
});
