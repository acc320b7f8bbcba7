import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { AdminWorld, type IbmErrors, type Listed } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

async function madeInstance(name: string, scopes: readonly string[]): Promise<string> {
  const { id } = await world.made<{ id: string }>('', { name, scopes });
  return id;
}

/** One of each kind, by the paths that name them. */
async function filled(instance: string): Promise<readonly string[]> {
  const source = await world.made(`/${instance}/sources`, { name: 'mine' });
  const topic = await world.made(`/${instance}/topics`, { name: 'mine', sources: [{ id: source['id'] }] });
  const { id } = await world.webhook(instance, 'mine');
  const ids = { topic_id: topic['id'], destination_id: id };
  const subscription = await world.made(`/${instance}/subscriptions`, { name: 'mine', ...ids });
  const params = { body: Buffer.from('{{data.a}}').toString('base64') };
  const template = await world.made(`/${instance}/templates`, { name: 'mine', type: 'webhook.notification', params });
  return [
    `sources/${encodeURIComponent(source['id'] ?? '')}`,
    `topics/${topic['id']}`,
    `destinations/${id}`,
    `subscriptions/${subscription['id']}`,
    `templates/${template['id']}`,
  ];
}

it('are listed, made with scopes, and deleted with all that is in them; the default one stays', async () => {
  const id = await madeInstance('temporary', ['lxd:rack1', 'cds:*']);
  const list = (await world.ask('')).json<{ total_count: number; instances: readonly object[] }>();
  expect(list.total_count).toBe(2);
  expect(list.instances).toMatchObject([
    { name: 'default', scopes: ['*'], is_default: true },
    { id, name: 'temporary', scopes: ['lxd:rack1', 'cds:*'], is_default: false },
  ]);
  expect((await world.ask(`/${id}/sources`)).json<Listed>().total_count).toBe(5);
  await filled(id);
  expect((await world.ask('', { method: 'POST', json: { name: 'temporary', scopes: ['*'] } })).status).toBe(409);
  expect((await world.ask(`/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await world.ask(`/${id}/topics`)).status).toBe(404);
  expect((await world.ask('/default', { method: 'DELETE' })).status).toBe(409);
  for (const scopes of [undefined, [], ['nobody:*'], ['lxd:rack1:planet:x'], [3], '*']) {
    expect((await world.ask('', { method: 'POST', json: { name: 'bad', scopes } })).status).toBe(400);
  }
});

it('never see each other', async () => {
  const [one, two] = [await madeInstance('one', ['lxd:rack1']), await madeInstance('two', ['lxd:rack2'])];
  const paths = await filled(one);
  await filled(two);
  for (const path of paths) {
    expect((await world.ask(`/${one}/${path}`)).status, path).toBe(200);
    for (const method of ['GET', 'DELETE'])
      expect((await world.ask(`/${two}/${path}`, { method })).status, path).toBe(404);
    const change = path.startsWith('topics') || path.startsWith('templates') ? 'PUT' : 'PATCH';
    expect((await world.ask(`/${two}/${path}`, { method: change, json: { name: 'taken' } })).status, path).toBe(404);
  }
  const [source = '', topic = '', destination = ''] = paths;
  const foreign = { sources: [{ id: decodeURIComponent(source.replace('sources/', '')) }] };
  expect((await world.ask(`/${two}/topics`, { method: 'POST', json: { name: 'x', ...foreign } })).status).toBe(400);
  const ids = { topic_id: topic.replace('topics/', ''), destination_id: destination.replace('destinations/', '') };
  expect((await world.ask(`/${two}/subscriptions`, { method: 'POST', json: { name: 'x', ...ids } })).status).toBe(400);
  for (const action of ['test', 'enable', 'signing_secret']) {
    expect((await world.ask(`/${two}/${destination}/${action}`, { method: 'POST' })).status).toBe(404);
  }
  expect((await world.ask(`/${two}/topics`)).json<Listed>()).toMatchObject({ total_count: 1 });
});

it('are open to tokens that have their scopes, not to those that may read all that they receive', async () => {
  const id = await madeInstance('rack 7', ['lxd:rack7']);
  const rack = await world.issueToken(['notifications:admin'], ['lxd:rack7:*', 'lxd:rack7']);
  const foreign = await world.issueToken(['notifications:admin'], ['lxd:rack8']);
  const none = await world.issueToken(['notifications:admin'], []);
  const reader = await world.issueToken(['events:read'], ['*']);
  const status = async (token: string, instance: string): Promise<number> =>
    (await world.ask(`/${instance}/topics`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status(rack, id)).toBe(200);
  expect(await status(rack, 'default')).toBe(404);
  const narrower = await madeInstance('project a', ['lxd:rack7:project:a']);
  expect(await status(rack, narrower)).toBe(403);
  const both = await world.issueToken(['notifications:admin'], ['lxd:rack7', 'lxd:rack7:project:a']);
  expect(await status(both, narrower)).toBe(200);
  expect(await status(foreign, id)).toBe(404);
  expect(await status(none, id)).toBe(403);
  expect(await status(reader, id)).toBe(403);
  const answer = await world.ask('', { headers: { authorization: `Bearer ${rack}` } });
  expect(answer.status).toBe(403);
  expect(answer.json<IbmErrors>().status_code).toBe(403);
  const manager = await world.issueToken(['admin'], []);
  const managed = await world.ask(`/${id}`, { headers: { authorization: `Bearer ${manager}` } });
  expect(managed.json()).toMatchObject({ id, name: 'rack 7' });
});
