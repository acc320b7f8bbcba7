import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import { ApiWorld } from '../api-world.js';

let world: ApiWorld;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});

afterAll(async () => world.close());

interface Entry {
  readonly type: string;
  readonly system: string;
  readonly groups: string[];
  readonly nearest?: string[];
}

async function list(query = ''): Promise<Entry[]> {
  const answer = await world.request(`/api/catalogue/${query}`);
  expect(answer.status).toBe(200);
  const entries = answer.json<Entry[]>();
  expect(answer.headers['x-result-count']).toBe(String(entries.length));
  return entries;
}

describe('the catalogue', () => {
  it('holds every declared type, whole', async () => {
    const entries = await list();
    expect(entries.map(({ type }) => type)).toEqual(catalogue.types().map(({ type }) => type));
    const { prefix } = world.environment.kafka;
    expect(entries.find(({ type }) => type === 'com.waldur.customer_creation_succeeded')).toEqual({
      type: 'com.waldur.customer_creation_succeeded',
      nativeType: 'customer_creation_succeeded',
      system: 'waldur',
      groups: ['customers'],
      kafkaTopic: `${prefix}lifecycle.waldur.customers`,
      summary: expect.any(String) as string,
      version: 1,
    });
  });

  it('is narrowed by system and group', async () => {
    expect(new Set((await list('?system=ibm&system=cds')).map(({ system }) => system))).toEqual(
      new Set(['cds', 'ibm']),
    );
    const call = await list('?group=call');
    expect(call).toHaveLength(2);
    for (const { groups } of call) expect(groups).toContain('call');
    expect(await list('?group=nobody_knows')).toEqual([]);
    expect(await list('?group=call&system=lxd')).toEqual([]);
  });

  it('refuses a system that does not exist, naming those that do', async () => {
    const answer = await world.request('/api/catalogue/?system=openstack');
    expect(answer.status).toBe(400);
    expect(answer.json<Record<string, string[]>>()['system']?.[0]).toMatch(/waldur.*lxd|lxd.*waldur/);
  });

  it.each([
    ['com.waldur.customer_creation_succeeded', 'com.waldur.customer_creation_succeeded'],
    ['customer_creation_succeeded', 'com.waldur.customer_creation_succeeded'],
    [
      'com.ibm.cloud.resource-lifecycle-events.instance:create',
      'com.ibm.cloud.resource-lifecycle-events.instance:create',
    ],
    ['resource-controller.instance.create', 'com.ibm.cloud.resource-lifecycle-events.instance:create'],
    ['instance-created', 'com.canonical.lxd.lifecycle.instance-created'],
  ])('tells everything of %s', async (name, type) => {
    const answer = await world.request(`/api/catalogue/${encodeURIComponent(name)}/`);
    expect(answer.status).toBe(200);
    const declared = catalogue.type(type);
    expect(answer.json()).toMatchObject({
      type,
      dataschema: `urn:tidings:schema:${type}:${declared?.version}`,
      schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' },
      example: declared?.example,
    });
  });

  it('can tell everything of each of its types', async () => {
    for (const { type } of catalogue.types()) {
      const answer = await world.request(`/api/catalogue/${encodeURIComponent(type)}/`);
      expect(answer.status, type).toBe(200);
    }
  });

  it('names what may have been meant', async () => {
    const answer = await world.request('/api/catalogue/customer_creation_suceeded/');
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ detail: 'Not found.' });
    expect(answer.json<Entry>().nearest).toContain('com.waldur.customer_creation_succeeded');
  });

  it.each(['%00', '%2e%2e%2f', '__proto__', 'constructor', 'x'.repeat(300)])('does not know %s', async (name) => {
    expect((await world.request(`/api/catalogue/${name}/`)).status).toBe(404);
  });
});
