import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminWorld, form, type IbmErrors } from './admin-world.js';

interface Listed {
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
  readonly first?: { readonly href: string };
  readonly previous?: { readonly href: string };
  readonly next?: { readonly href: string };
  readonly sources: readonly { readonly id: string; readonly name: string; readonly enabled: boolean }[];
  readonly topics: readonly { readonly id: string; readonly name: string }[];
}

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

/** What a PATCH or PUT of the default instance is refused with. */
async function refusal(path: string, json: unknown, method = 'POST'): Promise<IbmErrors> {
  const answer = await world.in(path, { method, json });
  expect(answer.status, answer.text).toBe(400);
  return answer.json<IbmErrors>();
}

const WEBHOOK = { url: 'https://hooks.example.org/in', verb: 'post' };

async function destination(instance: string, name: string, params: object = WEBHOOK): Promise<{ id: string }> {
  return world.made(`/${instance}/destinations`, { name, type: 'webhook', config: { params } });
}

describe('lists', () => {
  it('are in pages that link to each other', async () => {
    for (let number = 1; number <= 5; number += 1) {
      await world.made('/default/topics', { name: `page ${number}`, description: number === 3 ? 'The Third' : '' });
    }
    const first = (await world.in('/topics?limit=2&search=page')).json<Listed>();
    expect(first).toMatchObject({ total_count: 5, offset: 0, limit: 2 });
    expect(first.topics.map(({ name }) => name)).toEqual(['page 1', 'page 2']);
    expect(first.previous).toBeUndefined();
    expect(first.next?.href).toBe(
      `${world.url}/event-notifications/v1/instances/default/topics?limit=2&search=page&offset=2`,
    );
    const second = (
      await world.request(new URL(first.next?.href ?? '').pathname + '?limit=2&search=page&offset=2')
    ).json<Listed>();
    expect(second.previous?.href).toContain('offset=0');
    const last = (await world.in('/topics?limit=2&search=page&offset=4')).json<Listed>();
    expect(last.topics).toHaveLength(1);
    expect(last.next).toBeUndefined();
    expect((await world.in('/topics?search=tHIRD')).json<Listed>().topics).toHaveLength(1);
    expect((await world.in('/topics?search=%25')).json<Listed>().topics).toHaveLength(0);
  });

  it('refuse parameters that they do not know, and values out of bounds', async () => {
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'ofset=1', `search=${'x'.repeat(101)}`]) {
      const answer = await world.in(`/topics?${query}`);
      expect(answer.status, query).toBe(400);
      expect(answer.json<IbmErrors>().errors[0]?.message).toContain(query.split('=')[0]);
    }
  });

  it('never link to a host that does not parse', async () => {
    const answer = await world.in('/sources?limit=1', { headers: { host: 'evil.example/"><script>' } });
    expect(answer.json<Listed>().next?.href).toMatch(/^\/event-notifications\//);
  });
});

describe('errors', () => {
  it('are in IBM’s envelope, whatever goes wrong under the path', async () => {
    const cases = [
      [401, await world.in('/topics', { headers: { authorization: 'Bearer wrong' } })],
      [404, await world.in('/nothing')],
      [404, await world.request('/event-notifications/elsewhere')],
      [404, await world.in('/topics/6c5c7a0e-7d0f-4f5b-8f3c-4b0f6f1f0000')],
      [404, await world.in('/topics/no-uuid')],
      [404, await world.ask('/6c5c7a0e-7d0f-4f5b-8f3c-4b0f6f1f0000/topics')],
      [405, await world.in('/topics', { method: 'PATCH', json: {} })],
      [415, await world.in('/topics', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })],
      [415, await world.in('/destinations', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })],
      [400, await world.in('/topics', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })],
      [400, await world.in('/topics/%zz')],
      [400, await world.in('/topics', { method: 'POST', json: [] })],
    ] as const;
    for (const [status, answer] of cases) {
      expect(answer.status, answer.text).toBe(status);
      const { trace, status_code, errors } = answer.json<IbmErrors>();
      expect(trace).toMatch(/^[0-9a-f-]{36}$/);
      expect(status_code).toBe(status);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors)
        expect(error).toEqual({ code: expect.any(String), message: expect.any(String), more_info: '/docs' });
    }
    expect(cases[6]?.[1].headers['allow']).toContain('POST');
  });

  it('name every field that is wrong', async () => {
    const { errors } = await refusal('/topics', { name: 'x'.repeat(256), description: 'y'.repeat(256), nam: 1 });
    expect(errors.map(({ message }) => message.split(':')[0])).toEqual(['nam', 'name', 'description']);
    await refusal('/topics', {});
    await refusal('/topics', { name: '' });
    await refusal('/topics', { name: 'a\u0000b' });
    await refusal('/topics', { name: 'fine', description: 'a\u0000b' });
    await refusal('/subscriptions', { name: 'x', topic_id: 'x', destination_id: 'y' });
  });

  it('elsewhere are as ever', async () => {
    expect((await world.request('/nothing')).json()).toEqual({ detail: 'Not found.', code: 'not_found' });
  });
});

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
    const { rows } = await world.pool.query(
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
    expect(Object.keys(source).sort()).toEqual(['created_at', 'description', 'enabled', 'id', 'name']);
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
    const { errors } = await refusal('/topics', { name: 'bad', sources: [{ id: source['id'], rules }] });
    expect(errors[0]?.message).toMatch(/^sources\[0\]\.rules\[0\]\.notification_filter: cannot be read at position 13/);
    await refusal('/topics', { name: 'bad', sources: [{ id: 'nobody' }] });
    expect((await world.in('/topics?search=bad')).json<Listed>().total_count).toBe(0);
  });
});

describe('destinations', () => {
  it('come as forms; what is sensitive is never shown, and stays when it comes back masked', async () => {
    const params = {
      ...WEBHOOK,
      custom_headers: { authorization: 'Basic c2VjcmV0', 'x-team': 'a' },
      sensitive_headers: ['authorization'],
    };
    const parts = {
      name: 'form',
      type: 'webhook',
      description: 'd',
      collect_failed_events: 'True',
      config: JSON.stringify({ params }),
    };
    for (const types of [{}, { config: 'application/json', name: 'text/plain' }]) {
      const answer = await world.in('/destinations', {
        method: 'POST',
        ...form({ ...parts, name: `form ${Object.keys(types).length}` }, types),
      });
      expect(answer.status, answer.text).toBe(201);
      const made = answer.json<{ id: string; config: { params: typeof params } }>();
      expect(answer.text).not.toContain('c2VjcmV0');
      expect(made).toMatchObject({
        type: 'webhook',
        collect_failed_events: true,
        config: { params: { custom_headers: { 'x-team': 'a' } } },
      });
      const shown = (await world.in(`/destinations/${made.id}`)).json<typeof made>();
      const patched = await world.in(`/destinations/${made.id}`, {
        method: 'PATCH',
        ...form({ description: 'e', config: JSON.stringify({ params: { ...shown.config.params, verb: 'put' } }) }),
      });
      expect(patched.status, patched.text).toBe(200);
      expect(patched.json()).toMatchObject({ description: 'e', config: { params: { verb: 'put', url: WEBHOOK.url } } });
      const { rows } = await world.pool.query(
        'SELECT config::text, secrets FROM notifications.destination WHERE id = $1',
        [made.id],
      );
      expect(rows[0]?.config).not.toContain('c2VjcmV0');
      expect(rows[0]?.secrets).not.toBeNull();
    }
    const { rows } = await world.pool.query(
      `SELECT string_agg(coalesce(before::text, '') || after::text, ' ') AS told FROM access.audit`,
    );
    expect(rows[0]?.told).not.toMatch(/c2VjcmV0|whsec_/);
  });

  it('refuse kinds that there are not, and name those that there are', async () => {
    const { errors } = await refusal('/destinations', { name: 'x', type: 'push_ios', config: { params: {} } });
    expect(errors[0]?.message).toMatch(/^type: .*webhook/);
    await refusal('/destinations', { name: 'x', type: 'webhook' });
    await refusal('/destinations', { name: 'x', type: 'webhook', config: { params: WEBHOOK }, retry_schedule: [] });
    const broken = await world.in('/destinations', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(broken.status).toBe(400);
    const { id } = await destination('default', 'kept kind');
    await refusal(`/destinations/${id}`, { type: 'slack' }, 'PATCH');
  });

  it('are disabled and enabled, keep a retry schedule, and take their subscriptions with them', async () => {
    const { id } = await destination('default', 'toggled');
    const disabled = await world.in(`/destinations/${id}`, {
      method: 'PATCH',
      json: { enabled: false, retry_schedule: [0, 5] },
    });
    expect(disabled.json()).toMatchObject({
      enabled: false,
      disabled_reason: 'Disabled by admin',
      retry_schedule: [0, 5],
    });
    expect((await world.in(`/destinations/${id}/test`, { method: 'POST' })).status).toBe(409);
    const enabled = await world.in(`/destinations/${id}/enable`, { method: 'POST' });
    expect(enabled.json()).toMatchObject({ enabled: true, retry_schedule: [0, 5] });
    const topic = await world.made('/default/topics', { name: 'of toggled' });
    const subscription = await world.made('/default/subscriptions', {
      name: 'toggled',
      topic_id: topic['id'],
      destination_id: id,
    });
    expect((await world.in(`/destinations/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await world.in(`/subscriptions/${subscription['id']}`)).status).toBe(404);
    expect((await world.in(`/topics/${topic['id']}`)).json()).toMatchObject({ subscription_count: 0 });
  });
});

describe('subscriptions', () => {
  it('join topics and destinations, with a filter of their own and a secret that is shown once', async () => {
    const topic = await world.made('/default/topics', { name: 'joined' });
    const { id } = await destination('default', 'joined');
    const draft = { name: 'joined', topic_id: topic['id'], destination_id: id };
    const { errors } = await refusal('/subscriptions', { ...draft, filter: '$.a ==' });
    expect(errors[0]?.message).toMatch(/^filter: cannot be read at position 6/);
    const made = await world.made('/default/subscriptions', {
      ...draft,
      filter: "$.subject == 'a'",
      attributes: { signing_enabled: true },
    });
    expect(made).toMatchObject({
      topic_name: 'joined',
      destination_name: 'joined',
      destination_type: 'webhook',
      filter: "$.subject == 'a'",
      attributes: { signing_enabled: true, add_notification_payload: true },
      signing_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/=]{44}$/),
    });
    const path = `/subscriptions/${made['id']}`;
    expect((await world.in(path)).json()).not.toHaveProperty('signing_secret');
    const patched = (await world.in(path, { method: 'PATCH', json: { description: 'd', filter: null } })).json();
    expect(patched).toMatchObject({ description: 'd', filter: null, attributes: { signing_enabled: true } });
    expect(patched).not.toHaveProperty('signing_secret');
    const renewed = (await world.in(`/destinations/${id}/signing_secret`, { method: 'POST' })).json();
    expect(renewed['signing_secret']).toMatch(/^whsec_/);
    expect(renewed['signing_secret']).not.toBe(made['signing_secret']);
    const { rows } = await world.pool.query(
      `SELECT former_signing_secret IS NOT NULL AS kept, former_signing_secret_ends_at - now() > '23:59' AS long
      FROM notifications.destination WHERE id = $1`,
      [id],
    );
    expect(rows).toEqual([{ kept: true, long: true }]);
    expect((await world.in(`/topics/${topic['id']}`, { method: 'DELETE' })).status).toBe(204);
    expect((await world.in(path)).status).toBe(404);
  });
});

describe('templates', () => {
  it('are Handlebars in base64, checked when they are saved, and leave subscriptions when they go', async () => {
    const body = (text: string): string => Buffer.from(text).toString('base64');
    const draft = {
      name: 'short',
      type: 'webhook.notification',
      params: { body: body('{"text": "{{data.message}} – é"}') },
    };
    const made = await world.made<{ id: string }>('/default/templates', draft);
    expect(made).toMatchObject({ name: 'short', description: '', type: 'webhook.notification', params: draft.params });
    await refusal('/templates', { ...draft, name: 'x', params: { body: body('{{#if') } });
    await refusal('/templates', { ...draft, name: 'x', params: { body: 'not base64!' } });
    await refusal('/templates', { ...draft, name: 'x', params: undefined });
    await refusal('/templates', { ...draft, name: 'x', type: 'teletext.notification' });
    const replaced = await world.in(`/templates/${made.id}`, { method: 'PUT', json: { ...draft, name: 'shorter' } });
    expect(replaced.json()).toMatchObject({ name: 'shorter', subscription_count: 0, subscription_names: [] });
    const topic = await world.made('/default/topics', { name: 'templated' });
    const { id } = await destination('default', 'templated');
    const attributes = { template_id_notification: made.id };
    const subscription = await world.made('/default/subscriptions', {
      name: 'templated',
      topic_id: topic['id'],
      destination_id: id,
      attributes,
    });
    expect((await world.in(`/templates/${made.id}`)).json()).toMatchObject({ subscription_names: ['templated'] });
    expect((await world.in(`/templates/${made.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await world.in(`/subscriptions/${subscription['id']}`)).json()).toMatchObject({
      attributes: { add_notification_payload: true },
    });
    await refusal('/subscriptions', { name: 'y', topic_id: topic['id'], destination_id: id, attributes });
  });
});
