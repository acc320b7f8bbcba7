import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { AdminWorld } from './admin-world.js';

interface Status {
  readonly status: string;
  readonly details: { readonly status_code: number; readonly status_message: string };
}

let world: AdminWorld;
let hook: Server;
let url: string;
const received: string[] = [];

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') }, 'deliver,api');
  hook = createServer((request, response) => {
    received.push(request.url ?? '');
    response.writeHead(request.url === '/good' ? 204 : 503).end('no');
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await world.close();
  hook.close();
});

async function tried(name: string): Promise<Status> {
  const { id } = await world.webhook('default', name, { url: `${url}/${name}`, verb: 'post' });
  const answer = await world.in(`/destinations/${id}/test`, { method: 'POST' });
  expect(answer.status).toBe(202);
  const test = answer.json<{ status: string; notification_id: string; destination_type: string }>();
  expect(test).toMatchObject({ status: 'pending', destination_type: 'webhook' });
  return until(
    async () => {
      const status = (await world.in(`/notifications/${test.notification_id}`)).json<Status>();
      return status.status === 'pending' ? undefined : status;
    },
    { what: `the test of ${name}` },
  );
}

it('a test tells whether its destination takes it, and is not tried again', async () => {
  expect(await tried('good')).toMatchObject({ status: 'success', details: { status_code: 204 } });
  expect(await tried('bad')).toMatchObject({ status: 'failed', details: { status_code: 503 } });
  expect(received).toEqual(['/good', '/bad']);
});

it('a test is answered as IBM’s clients expect it: 202 for a webhook, 200 for any other kind', async () => {
  const params = { type: 'incoming_webhook', url: `${url}/slack` };
  const slack = await world.made('/default/destinations', { name: 'slack', type: 'slack', config: { params } });
  const hook = await world.webhook('default', 'hook', { url: `${url}/hook`, verb: 'post' });
  expect((await world.in(`/destinations/${slack['id']}/test`, { method: 'POST' })).status).toBe(200);
  expect((await world.in(`/destinations/${hook.id}/test`, { method: 'POST' })).status).toBe(202);
});
