import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ApiClient } from './api-client.js';
import { follow, type StreamItem } from './event-stream.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server whose connections are answered one after the other, the last way again and again. */
async function serve(...answers: readonly Answer[]): Promise<{ api: ApiClient; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api: new ApiClient({ url, token: 'token', urlOrigin: '--url', tokenOrigin: '--token' }), requests };
}

const says =
  (text: string, isCut = false): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => {
      if (isCut) response.destroy();
    });
  };

/** Follows until so many events have come. */
async function take(api: ApiClient, count: number, since?: string): Promise<StreamItem[]> {
  const controller = new AbortController();
  const items: StreamItem[] = [];
  const options = { filters: { system: 'lxd' }, signal: controller.signal, ...(since !== undefined && { since }) };
  for await (const item of follow(api, options)) {
    if (item.event !== undefined) items.push(item);
    if (items.length === count) controller.abort();
  }
  return items;
}

it('gives events with their positions, whatever pieces they come in', async () => {
  const { api } = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = 'retry: 1000\n\n: heartbeat\n\nid: 1-1\nevent: a\ndata: {"n":1}\n\nid: 1-2\ndata: {"n":2}\n\n';
    for (const character of text) response.write(character);
  });
  expect(await take(api, 2)).toEqual([
    { position: '1-1', event: '{"n":1}' },
    { position: '1-2', event: '{"n":2}' },
  ]);
});

it('goes on behind the last event, without the time that it began with', async () => {
  const { api, requests } = await serve(
    says('id: 1-1\ndata: 1\n\n', true),
    says('id: 1-2\ndata: 2\n\n', true),
    says('id: 1-3\ndata: 3\n\n'),
  );
  expect((await take(api, 3, '1h')).map(({ event }) => event)).toEqual(['1', '2', '3']);
  expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1-1', '1-2']);
  expect(requests.map(({ url }) => url)).toEqual([
    '/v1/stream?system=lxd&since=1h',
    '/v1/stream?system=lxd',
    '/v1/stream?system=lxd',
  ]);
});

it('goes on behind what the server has passed without an event', async () => {
  const { api, requests } = await serve(says('retry: 1000\n\nid: 7-7\n\n', true), says('id: 7-8\ndata: 1\n\n'));
  await take(api, 1);
  expect(requests[1]?.headers['last-event-id']).toBe('7-7');
});

it('comes again when the server ends the stream for a while', async () => {
  const bye = 'id: 1-1\ndata: 1\n\nevent: error\ndata: {"reason":"shutting-down","detail":"Later."}\n\n';
  const { api, requests } = await serve(says(bye), says('id: 1-2\ndata: 2\n\n'));
  expect(await take(api, 2)).toHaveLength(2);
  expect(requests[1]?.headers['last-event-id']).toBe('1-1');
});

it.each(['revoked', 'expired'])('does not come again with a token that is %s', async (reason) => {
  const bye = `id: 1-1\ndata: 1\n\nevent: error\ndata: {"reason":"${reason}","detail":"It has ended."}\n\n`;
  const { api, requests } = await serve(says(bye));
  await expect(take(api, 2)).rejects.toMatchObject({ exit: 'unauthorised', message: 'It has ended.' });
  expect(requests).toHaveLength(1);
});

it('does not come again when the request is refused', async () => {
  const { api, requests } = await serve((response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"system":["must be one of lxd"]}');
  });
  await expect(take(api, 1)).rejects.toMatchObject({ exit: 'usage' });
  expect(requests).toHaveLength(1);
});

it('gives up at once where nobody was there from the first', async () => {
  const { api } = await serve(says(''));
  await new Promise((resolve) => server?.close(resolve));
  await expect(take(api, 1)).rejects.toMatchObject({ exit: 'unreachable' });
});

it('tries again where the server was there, and answers that it is not ready', async () => {
  const { api, requests } = await serve(
    says('id: 1-1\ndata: 1\n\n', true),
    (response) => response.writeHead(503).end('{"detail":"Too much is in progress."}'),
    says('id: 1-2\ndata: 2\n\n'),
  );
  expect(await take(api, 2)).toHaveLength(2);
  expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1-1', '1-1']);
});
