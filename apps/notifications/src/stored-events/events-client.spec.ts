import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Environment } from '@tidings/runtime';
import { afterEach, expect, it } from 'vitest';
import { EventsClient } from './events-client.js';

const BLOCKED_BY_FETCH = [4190, 5060, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080];
const ID = '0'.repeat(32);

const servers: Server[] = [];
const clients: EventsClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.onApplicationShutdown();
  for (const server of servers.splice(0)) server.close();
});

async function serve(status: number, body: string, ports: readonly number[] = [0]): Promise<string> {
  for (const port of ports) {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    server.listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    servers.push(server);
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  }
  throw new Error('none of the ports is free');
}

function client(eventsUrl: string): EventsClient {
  const made = new EventsClient({ notifications: { eventsUrl } } as Environment);
  clients.push(made);
  return made;
}

const EVENT = `{"uuid":"${ID}","system":"lxd","cloudevent":{"id":"a","data":{"n":12345678901234567890}}}`;

it('reaches the events app at any port, and gives the event with its numbers as they came', async () => {
  const url = await serve(200, EVENT, BLOCKED_BY_FETCH);
  expect(await client(url).find(ID)).toMatchObject({
    id: ID,
    system: 'lxd',
    text: '{"id":"a","data":{"n":12345678901234567890}}',
  });
});

it.each([
  [500, '', 'events_unavailable', 'the events app answers 500.'],
  [302, '', 'events_unavailable', 'the events app answers 302.'],
  [400, 'no JSON', 'events_unavailable', 'the events app answers 400.'],
  [400, '{"type":["is unknown"]}', 'invalid_query', ''],
])('what is answered %i %s is %s', async (status, body, code, reason) => {
  const asked = client(await serve(status, body)).page(new URLSearchParams());
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(reason) as string });
});

it('has no event where the events app has none', async () => {
  expect(await client(await serve(404, '{}')).find(ID)).toBeUndefined();
});
