import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startMatching } from '@tidings/notifications';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { AdminWorld } from './admin-world.js';

let world: AdminWorld;
let hook: Server;
let url: string;
const received: { readonly path: string; readonly event: Readonly<Record<string, unknown>> }[] = [];

beforeAll(async () => {
  hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      received.push({ path: request.url ?? '', event });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  const servers = { databaseUrl: inject('databaseUrl'), brokers: inject('brokers') };
  world = await AdminWorld.create(servers, 'match,deliver,api');
  await startMatching(world.app, (error) => {
    throw error;
  });
});
afterAll(async () => {
  await world.close();
  hook.close();
});

/** An instance whose API source's events go to the hook's path. @returns what sends one */
async function sender(name: string): Promise<(data: object) => Promise<void>> {
  const { id: instance } = await world.made<{ id: string }>('', { name, scopes: ['lxd:rack1'] });
  const source = await world.made(`/${instance}/sources`, { name });
  const rules = [{ notification_filter: "$.id == 'e1' && $.source == 'com.acme'" }];
  const topic = await world.made(`/${instance}/topics`, { name, sources: [{ id: source['id'], rules }] });
  const { id } = await world.webhook(instance, name, { url: `${url}/${name}`, verb: 'post' });
  await world.made(`/${instance}/subscriptions`, { name, topic_id: topic['id'], destination_id: id });
  return async (data) => {
    const event = { specversion: '1.0', id: 'e1', source: 'com.acme', type: 'com.acme.offer:new' };
    const json = { ...event, ibmensourceid: source['id'], data };
    const answer = await world.ask(`/${instance}/notifications`, { method: 'POST', json });
    expect(answer.status, answer.text).toBe(202);
  };
}

it('two instances may send events of one name; each delivers its own, with the id that it was sent with', async () => {
  const [one, two] = [await sender('one'), await sender('two')];
  await one({ of: 'one' });
  await two({ of: 'two' });
  await one({ of: 'one' });
  await until(() => received.length >= 2, { what: 'both deliveries' });
  const sorted = [...received].sort((a, b) => a.path.localeCompare(b.path));
  expect(sorted).toMatchObject([
    { path: '/one', event: { id: 'e1', source: 'com.acme', type: 'com.acme.offer:new', data: { of: 'one' } } },
    { path: '/two', event: { id: 'e1', source: 'com.acme', type: 'com.acme.offer:new', data: { of: 'two' } } },
  ]);
});
