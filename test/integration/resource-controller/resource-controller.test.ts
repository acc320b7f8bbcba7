import { randomUUID } from 'node:crypto';
import { catalogue } from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import { until } from '../../harness/until.js';
import { ResourceClient, type ShownInstance } from './resource-client.js';

const INSTANCES = '/v2/resource_instances';

interface StoredEvent {
  readonly event_type: string;
  readonly created: string;
  readonly message: string;
  readonly context: {
    readonly account_id: string;
    readonly event_id: string;
    readonly context: { readonly activity: { readonly outcome: string; readonly message: string } };
    readonly event_properties: Readonly<Record<string, unknown>>;
  };
}

let world: OwnStandalone;
let client: ResourceClient;

beforeAll(async () => {
  world = await startOwnStandalone();
  client = new ResourceClient(world.app.url, world.token);
});
afterAll(() => world.stop());

async function events(query: string): Promise<readonly StoredEvent[]> {
  const response = await fetch(`${world.app.url}/api/events/?page_size=100&o=created&${query}`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  return (await response.json()) as StoredEvent[];
}

/** The stored events of a resource, oldest first, when there are as many as expected. */
async function toldOf(crn: string, types: readonly string[]): Promise<readonly StoredEvent[]> {
  const query = `subject=${encodeURIComponent(crn)}`;
  await until(async () => (await events(query)).length >= types.length, { what: `${types.join(', ')} to be stored` });
  const stored = await events(query);
  expect(stored.map(({ event_type }) => event_type.replace('resource-controller.', ''))).toEqual(types);
  return stored;
}

const reason = (answer: { readonly body: Readonly<Record<string, unknown>> }) => answer.body['detail'];

describe('a service instance', () => {
  it('is created, changed, locked, switched off and on, deleted, restored and reclaimed; all of it is told', async () => {
    const { guid, crn, state } = await client.instance('a life', 'apprapp-standard', { parameters: { capacity: 7 } });
    expect(state).toBe('active');
    const path = `${INSTANCES}/${guid}`;
    await client.demand(200, 'POST', `${path}/promo_code`, { promo_code: 'WELCOME-10' });
    await client.demand(202, 'PATCH', path, { name: 'another name' });
    expect((await client.settled(guid)).name).toBe('another name');
    await client.demand(202, 'PATCH', path, { resource_plan_id: 'apprapp-lite' });
    expect((await client.settled(guid)).resource_plan_id).toBe('apprapp-lite');
    await client.demand(202, 'PATCH', path, { resource_plan_id: 'apprapp-standard' });
    await client.settled(guid);
    await client.demand(200, 'PUT', `${path}/state`, { state: 'inactive' });
    await client.demand(200, 'PUT', `${path}/state`, { state: 'active' });
    await client.demand(200, 'POST', `${path}/lock`);
    expect(reason(await client.ask('PUT', `${path}/state`, { state: 'inactive' }))).toBe(
      'The instance another name is locked; unlock it first.',
    );
    expect(await client.ask('DELETE', path)).toMatchObject({ status: 409 });
    await client.demand(200, 'DELETE', `${path}/lock`);
    await client.demand(202, 'DELETE', path);
    expect((await client.settled(guid)).state).toBe('pending_reclamation');
    expect(await client.ask('PATCH', path, { name: 'x' })).toMatchObject({ status: 409 });
    await client.demand(200, 'POST', `/v1/reclamations/${guid}/actions/restore`);
    expect((await client.settled(guid)).state).toBe('active');
    await client.demand(202, 'DELETE', path);
    await client.settled(guid);
    const { resources } = await client.demand<{ resources: { id: string }[] }>(200, 'GET', '/v1/reclamations');
    expect(resources.map(({ id }) => id)).toEqual([guid]);
    await client.demand(202, 'POST', `/v1/reclamations/${guid}/actions/reclaim`);
    await client.gone(guid);
    const told = await toldOf(crn, [
      ...['instance.create_inprogress', 'instance.create', 'instance.apply_promo_code'],
      ...['instance.update_inprogress', 'instance.update'],
      ...['instance.update_plan_inprogress', 'instance.update_plan'],
      ...['instance.update_plan_inprogress', 'instance.update_plan'],
      ...['instance.update_state', 'instance.update_state'],
      ...['instance.update_state', 'instance.update_state_failure', 'instance.update_state'],
      ...['instance.delete_inprogress', 'instance.schedule_reclaim', 'instance.restore'],
      ...['instance.delete_inprogress', 'instance.schedule_reclaim', 'instance.delete'],
    ]);
    expect(told[0]?.context).toMatchObject({
      context: { subject_id: 'admin', activity: { outcome: 'pending', target_name: 'a life' } },
      event_properties: { crn, guid, name: 'a life', state: 'provisioning', type: 'service_instance' },
    });
    expect(told[4]?.context.event_properties).toMatchObject({ name: 'another name', state: 'active' });
    expect(told.find(({ event_type }) => event_type.endsWith('.restore'))?.context.event_properties).toMatchObject({
      restored_by: 'admin',
    });
  });

  it('fails where its broker refuses, each time in the same way', async () => {
    const failed = await client.instance('no such plan', 'apprapp-retired');
    expect(failed).toMatchObject({ state: 'failed', last_operation: { state: 'failed' } });
    await toldOf(failed.crn, ['instance.create_inprogress', 'instance.create_failure']);

    const { guid, crn } = await client.instance('refused', 'cloudant-lite');
    const path = `${INSTANCES}/${guid}`;
    const after = async (method: string, body?: object): Promise<ShownInstance> => {
      await client.demand(202, method, path, body);
      return client.settled(guid);
    };
    expect((await after('PATCH', { parameters: { capacity: 1_000 } })).last_operation.description).toContain(
      'capacity',
    );
    expect(await after('PATCH', { resource_plan_id: 'apprapp-retired' })).toMatchObject({
      resource_plan_id: 'cloudant-lite',
      last_operation: { state: 'failed' },
    });
    await client.demand(201, 'POST', '/v2/resource_keys', { name: 'in use', source: crn });
    expect((await after('DELETE')).last_operation.description).toContain('1 of its keys');
    await client.demand(202, 'DELETE', `${path}?recursive=true`);
    await client.gone(guid);
    const told = await toldOf(crn, [
      ...['instance.create_inprogress', 'instance.create'],
      ...['instance.update_inprogress', 'instance.update_failure'],
      ...['instance.update_plan_inprogress', 'instance.update_plan_failure'],
      ...['instance.delete_inprogress', 'instance.delete_failure'],
      ...['instance.delete_inprogress', 'instance.delete'],
    ]);
    expect(told[3]?.context.context.activity).toMatchObject({ outcome: 'failure' });
    expect(told[3]?.message).toContain('capacity must be a whole number');
  });
});

it('keys are made and deleted, and what is refused is told, too', async () => {
  const { guid, crn } = await client.instance('with keys', 'apprapp-lite');
  const made = await client.demand<{ guid: string; crn: string }>(201, 'POST', '/v2/resource_keys', {
    name: 'one',
    source: guid,
  });
  expect(reason(await client.ask('POST', '/v2/resource_keys', { name: 'two', source: crn, role: 'Emperor' }))).toBe(
    'The key was not made: the service has no role Emperor; there are Reader, Writer, Manager.',
  );
  await client.demand(200, 'POST', `${INSTANCES}/${guid}/lock`);
  expect(await client.ask('DELETE', `/v2/resource_keys/${made.guid}`)).toMatchObject({ status: 409 });
  await client.demand(200, 'DELETE', `${INSTANCES}/${guid}/lock`);
  await client.demand(204, 'DELETE', `/v2/resource_keys/${encodeURIComponent(made.crn)}`);
  expect(await client.ask('GET', `/v2/resource_keys/${made.guid}`)).toMatchObject({ status: 404 });
  await toldOf(made.crn, ['key.create', 'key.delete_failure', 'key.delete']);
  await until(async () => (await events('event_type=resource-controller.key.create_failure')).length === 1);
});

it('resource groups are made, renamed and deleted, and not while something is in them', async () => {
  const group = await client.demand<{ id: string; crn: string }>(201, 'POST', '/v2/resource_groups', { name: 'team' });
  const path = `/v2/resource_groups/${group.id}`;
  await client.demand(200, 'PATCH', path, { name: 'team 2' });
  expect(reason(await client.ask('POST', '/v2/resource_groups', { name: 'team 2' }))).toBe(
    'The account has a resource group named team 2 already.',
  );
  const { guid } = await client.instance('in a group', 'apprapp-lite', { resource_group: group.id });
  expect(reason(await client.ask('DELETE', path))).toBe('1 instances are in team 2; delete them first.');
  await client.demand(202, 'DELETE', `${INSTANCES}/${guid}`);
  await client.gone(guid);
  await client.demand(204, 'DELETE', path);
  await toldOf(group.crn, ['Resource_group.create', 'Resource_group.update', 'Resource_group.delete']);
});

it('by now each of the 24 event types of IBM Cloud has been made and stored', async () => {
  const declared = catalogue.types().filter(({ system }) => system === 'ibm');
  expect(declared).toHaveLength(24);
  const counts = await Promise.all(
    declared.map(async ({ type }) => [type, (await events(`type=${encodeURIComponent(type)}`)).length] as const),
  );
  expect(counts.filter(([, count]) => count === 0)).toEqual([]);
  const dead = await fetch(`${world.app.url}/api/dead-letters/`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  expect(await dead.json()).toEqual([]);
});

it('says what is wrong with a body, field by field', async () => {
  expect(await client.ask('POST', INSTANCES, { name: '', resource_plan_id: 'x', size: 1 })).toEqual({
    status: 400,
    body: {
      size: [expect.stringContaining('is not known here; there are name, ') as string],
      name: ['must be 1 to 180 printable characters without spaces at its ends'],
      resource_plan_id: [expect.stringContaining('must be one of apprapp-lite') as string],
    },
  });
  const draft = { name: 'x', resource_plan_id: 'apprapp-lite', resource_group: '0'.repeat(32) };
  expect(reason(await client.ask('POST', INSTANCES, draft))).toContain('There is no such resource_group');
  expect(await client.ask('PATCH', `${INSTANCES}/4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21`, {})).toMatchObject({
    status: 400,
  });
  expect(await client.ask('GET', `${INSTANCES}/no-such`)).toMatchObject({ status: 404 });
  expect(await client.ask('GET', `${INSTANCES}?limit=0&of=x`)).toMatchObject({ status: 400 });
});

it('lists page by page', async () => {
  for (const name of ['page a', 'page b', 'page c']) await client.instance(name, 'apprapp-lite');
  const names: string[] = [];
  let next: string | null = `${INSTANCES}?limit=2`;
  while (next !== null) {
    const page: { next_url: string | null; resources: { name: string }[] } = await client.demand(200, 'GET', next);
    expect(page.resources.length).toBeLessThanOrEqual(2);
    names.push(...page.resources.map(({ name }) => name));
    next = page.next_url;
  }
  expect(names).toEqual(expect.arrayContaining(['page a', 'page b', 'page c']));
  expect(new Set(names).size).toBe(names.length);
});

it('is for callers that may publish as IBM Cloud, and for nobody else', async () => {
  const token = async (draft: object): Promise<ResourceClient> => {
    const made = await client.demand<{ token: string }>(201, 'POST', '/api/tokens/', draft);
    return new ResourceClient(world.app.url, made.token);
  };
  const reader = await token({ name: 'reads', permissions: ['events:read'], scopes: ['*'] });
  expect(await reader.ask('GET', INSTANCES)).toMatchObject({ status: 403 });
  const lxd = await token({ name: 'publishes for LXD', permissions: ['events:publish'], sources: ['/lxd/*'] });
  const draft = { name: 'x', resource_plan_id: 'apprapp-lite' };
  expect(await lxd.ask('POST', INSTANCES, draft)).toMatchObject({ status: 403, body: { code: 'source_not_allowed' } });
  // Nor does it see what there is.
  for (const list of ['/v2/resource_instances', '/v2/resource_keys', '/v2/resource_groups', '/v1/reclamations']) {
    for (const path of [list, `${list}/${randomUUID()}`].slice(0, list === '/v1/reclamations' ? 1 : 2)) {
      expect(await lxd.ask('GET', path)).toMatchObject({ status: 403, body: { code: 'source_not_allowed' } });
    }
  }
  const ibm = await token({ name: 'publishes for IBM', permissions: ['events:publish'], sources: ['/ibm/main'] });
  expect(await ibm.ask('POST', INSTANCES, draft)).toMatchObject({ status: 202 });
});

it('tells Prometheus how its outbox is', async () => {
  await until(async () => {
    const response = await fetch(`${world.app.url}/metrics`, { headers: { authorization: `Bearer ${world.token}` } });
    const text = await response.text();
    expect(text).toMatch(/^tidings_outbox_waiting_rows 0$/m);
    expect(text).toMatch(/^tidings_outbox_oldest_age_seconds 0$/m);
    expect(text).toMatch(/^tidings_outbox_buckets 16$/m);
    return true;
  });
});
