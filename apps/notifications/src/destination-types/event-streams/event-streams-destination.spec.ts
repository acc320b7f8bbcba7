import { type AddressInfo, createServer, type Socket } from 'node:net';
import { OutboundGuard } from '@tidings/outbound';
import { afterEach, expect, it } from 'vitest';
import { eventStreams } from './event-streams-type.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('an attempt ends with its deadline, also while a connection opens to what never answers', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { config, secrets } = eventStreams.readConfig({ endpoint, topic: 'taken' });
  const outbound = new OutboundGuard(['127.0.0.0/8']);
  const destination = eventStreams.open({ config, secrets: secrets ?? {}, signingSecrets: [], outbound });
  closing.push(() => destination.close());
  const deadline = new AbortController();
  const event = { specversion: '1.0', id: '1', source: '/lxd/rack1', type: 'com.canonical.lxd.operation' };
  const result = destination.deliver(
    {
      ...{ messageId: 'msg_1', attempt: 1, notificationId: 'n', kafkaKey: null, attributes: {}, rendered: undefined },
      eventText: JSON.stringify({ ...event, time: '2026-11-02T08:01:53Z', data: {} }),
    },
    deadline.signal,
  );
  deadline.abort();
  // What Kafka's client would have said in the end has another status.
  expect(await result).toMatchObject({ outcome: 'failed', status: 'timeout', backOff: true });
});
