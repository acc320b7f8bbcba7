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

/** An instance whose API source's events go to the hook's path. @returns what sends one, and gives the notification's id */
async function sender(name: string, filter: string): Promise<(members: object) => Promise<string>> {
  const { id: instance } = await world.made<{ id: string }>('', { name, scopes: ['lxd:rack1'] });
  const source = await world.made(`/${instance}/sources`, { name });
  const rules = [{ notification_filter: filter }];
  const topic = await world.made(`/${instance}/topics`, { name, sources: [{ id: source['id'], rules }] });
  const { id } = await world.webhook(instance, name, { url: `${url}/${name}`, verb: 'post' });
  await world.made(`/${instance}/subscriptions`, { name, topic_id: topic['id'], destination_id: id });
  return async (members) => {
    const event = { specversion: '1.0', id: 'e1', source: 'com.acme', type: 'com.acme.offer:new' };
    const json = { ...event, ibmensourceid: source['id'], ...members };
    const answer = await world.ask(`/${instance}/notifications`, { method: 'POST', json });
    expect(answer.status, answer.text).toBe(202);
    return answer.json<{ notification_id: string }>().notification_id;
  };
}

const at = (path: string): readonly Readonly<Record<string, unknown>>[] =>
  received.filter((one) => one.path === path).map(({ event }) => event);

it('two instances may send events of one name; each delivers its own, with the id that it was sent with', async () => {
  const filter = "$.id == 'e1' && $.source == 'com.acme'";
  const [one, two] = [await sender('one', filter), await sender('two', filter)];
  await one({ data: { of: 'one' } });
  await two({ data: { of: 'two' } });
  await until(() => at('/one').length > 0 && at('/two').length > 0, { what: 'both deliveries' });
  const event = { id: 'e1', source: 'com.acme', type: 'com.acme.offer:new' };
  expect(at('/one')).toMatchObject([{ ...event, data: { of: 'one' } }]);
  expect(at('/two')).toMatchObject([{ ...event, data: { of: 'two' } }]);
});

it('one id with several contents is a notification each; the same content again is the same notification', async () => {
  const send = await sender('ids', '');
  const first = await send({ data: { level: 'HIGH' } });
  const second = await send({ data: { level: 'LOW' } });
  expect(second).not.toBe(first);
  expect(await send({ data: { level: 'HIGH' } })).toBe(first);
  await send({ data: { level: 'last' } });
  await until(() => at('/ids').length >= 3, { what: 'the deliveries' });
  const sent = at('/ids').map(({ id, notification_id, data }) => ({ id, notification_id, data }));
  expect(sent).toHaveLength(3);
  expect(sent).toEqual(
    expect.arrayContaining([
      { id: 'e1', notification_id: first, data: { level: 'HIGH' } },
      { id: 'e1', notification_id: second, data: { level: 'LOW' } },
    ]),
  );
});

it('members that are no attributes are matched and delivered where the sender wrote them', async () => {
  const filter = "$.notification-type == 'maintenance' && $.attachments[0].filename == 'a.txt' && $.instanceId == 'i'";
  const send = await sender('members', filter);
  const members = {
    'notification-type': 'maintenance',
    instanceId: 'i',
    attachments: [{ filename: 'a.txt', content_type: 'text/plain', content: 'aGk=' }],
    personalization: { 'a@example.org': { name: 'A' } },
    ibmenhtmlbody: '<p>\nhi</p>',
  };
  await send({ ...members, instanceId: 'another' });
  await send({ ...members, data: { a: 1 } });
  await until(() => at('/members').length > 0, { what: 'the delivery' });
  expect(at('/members')).toEqual([expect.objectContaining({ ...members, data: { a: 1 } })]);
  expect(at('/members')[0]).not.toHaveProperty('ibmenmembers');
});
