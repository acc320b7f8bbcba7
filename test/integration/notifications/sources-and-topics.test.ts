import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminWorld, type IbmErrors, type Listed } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

describe('sources', () => {
  const crn = async (): Promise<string> => {
    const { sources } = (await world.in('/sources?limit=100&search=IBM')).json<Listed>();
    return sources[0]?.id ?? '';
  };

  it('are there for each system, disabled; their ids go through a path when they are percent-encoded', async () => {
    const id = await crn();
    expect(id).toMatch(/^crn:v1:tidings:public:event-notifications:global:a\/tidings:[0-9a-f-]{36}:source:ibm$/);
    const path = `/sources/${encodeURIComponent(id)}`;
    expect((await world.in(path)).json()).toMatchObject({
      type: 'resource-lifecycle-events',
      enabled: false,
      topic_names: [],
    });
    const enabled = await world.in(path, { method: 'PATCH', json: { enabled: true } });
    expect(enabled.json()).toMatchObject({ id, enabled: true });
    const removal = await world.in(path, { method: 'DELETE' });
    expect(removal.status).toBe(409);
    expect(removal.json<IbmErrors>().errors[0]?.message).toContain('pre-defined');
    const rows = await world.rows<{ after: { configuration_version: number } }>(
      `SELECT actor_id, action, before, after FROM access.audit WHERE subject = $1`,
      [`source:${id}`],
    );
    expect(rows).toMatchObject([
      { actor_id: 'admin', action: 'source.enable', before: { enabled: false }, after: { enabled: true } },
    ]);
    expect(rows[0]?.after.configuration_version).toBeGreaterThan(1);
  });

  it('of the API are made, changed and deleted; a topic loses what it had of them', async () => {
    const source = await world.made('/default/sources', { name: 'mine', description: 'd', enabled: true });
    expect(Object.keys(source).sort()).toEqual([
      'created_at',
      'description',
      'enabled',
      'id',
      'name',
      'store_notifications',
    ]);
    expect(source['id']).toMatch(/^[0-9a-f-]{36}:api$/);
    const taken = await world.in('/sources', { method: 'POST', json: { name: 'mine' } });
    expect(taken.status).toBe(409);
    const topic = await world.made('/default/topics', {
      name: 'of mine',
      sources: [{ id: source['id'], rules: [{ event_type_filter: "$.type == 'x'" }] }, { id: await crn() }],
    });
    const path = `/sources/${encodeURIComponent(source['id'] ?? '')}`;
    expect((await world.in(path)).json()).toMatchObject({ topic_count: 1, topic_names: ['of mine'], type: 'api' });
    expect((await world.in(path, { method: 'DELETE' })).status).toBe(204);
    expect((await world.in(path)).status).toBe(404);
    expect((await world.in(`/topics/${topic['id']}`)).json()).toMatchObject({ source_count: 1 });
  });
});

describe('topics', () => {
  it('have rules a source, which PUT replaces and which keep their ids where they stay', async () => {
    const one = await world.made('/default/sources', { name: 'one' });
    const two = await world.made('/default/sources', { name: 'two' });
    const rules = [{ event_type_filter: "$.type == 'a'" }, { enabled: false, notification_filter: '$.data.size > 3' }];
    const made = await world.made('/default/topics', { name: 'ruled', sources: [{ id: one['id'], rules }] });
    expect(Object.keys(made).sort()).toEqual(['created_at', 'description', 'id', 'name']);
    interface Topic {
      readonly sources: readonly { readonly id: string; readonly rules: readonly { readonly id: string }[] }[];
    }
    const topic = (await world.in(`/topics/${made['id']}`)).json<Topic>();
    expect(topic).toMatchObject({
      name: 'ruled',
      description: '',
      source_count: 1,
      sources: [
        {
          id: one['id'],
          name: 'one',
          rules: [
            { enabled: true, event_type_filter: "$.type == 'a'", notification_filter: '$.*' },
            { enabled: false, event_type_filter: '$.*', notification_filter: '$.data.size > 3' },
          ],
        },
      ],
      subscription_count: 0,
      subscriptions: [],
    });
    const [first, second] = topic.sources[0]?.rules ?? [];
    const replaced = await world.in(`/topics/${made['id']}`, {
      method: 'PUT',
      json: {
        description: 'new',
        sources: [{ id: two['id'] }, { id: one['id'], rules: [{ ...second, enabled: true }, rules[0]] }],
      },
    });
    expect(replaced.json()).toMatchObject({
      name: 'ruled',
      description: 'new',
      sources: [
        { id: two['id'], rules: [] },
        {
          id: one['id'],
          rules: [
            { id: second?.id, enabled: true },
            { id: first?.id, enabled: true },
          ],
        },
      ],
    });
    const put = await world.in(`/topics/${made['id']}/sources/${encodeURIComponent(one['id'] ?? '')}`, {
      method: 'PUT',
      json: { rules: [] },
    });
    expect(put.json<Topic>().sources.map(({ rules: left }) => left.length)).toEqual([0, 0]);
    const gone = await world.in(`/topics/${made['id']}/sources/${encodeURIComponent(two['id'] ?? '')}`, {
      method: 'DELETE',
    });
    expect(gone.status).toBe(204);
    expect((await world.in(`/topics/${made['id']}`)).json<Topic>().sources).toHaveLength(1);
    expect((await world.in('/topics?search=ruled')).json<Listed>().topics[0]).toEqual({
      id: made['id'],
      name: 'ruled',
      description: 'new',
      source_count: 1,
      sources_names: ['one'],
      subscription_count: 0,
    });
  });

  it('refuse a filter that cannot be read, and say where', async () => {
    const source = await world.made('/default/sources', { name: 'filtered' });
    const rules = [{ notification_filter: '$.data.size >' }];
    const { errors } = await world.refusal('/topics', { name: 'bad', sources: [{ id: source['id'], rules }] });
    expect(errors[0]?.message).toMatch(/^sources\[0\]\.rules\[0\]\.notification_filter: cannot be read at position 13/);
    await world.refusal('/topics', { name: 'bad', sources: [{ id: 'nobody' }] });
    expect((await world.in('/topics?search=bad')).json<Listed>().total_count).toBe(0);
  });
});
