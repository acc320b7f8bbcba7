import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminWorld, form, WEBHOOK } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

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
    const partTypes: readonly Record<string, string>[] = [{}, { config: 'application/json', name: 'text/plain' }];
    for (const types of partTypes) {
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
      const rows = await world.rows<{ config: string; secrets: Buffer }>(
        'SELECT config::text, secrets FROM notifications.destination WHERE id = $1',
        [made.id],
      );
      expect(rows[0]?.config).not.toContain('c2VjcmV0');
      expect(rows[0]?.secrets).not.toBeNull();
    }
    const rows = await world.rows<{ told: string }>(
      `SELECT string_agg(coalesce(before::text, '') || after::text, ' ') AS told FROM access.audit`,
    );
    expect(rows[0]?.told).not.toMatch(/c2VjcmV0|whsec_/);
  });

  it('refuse kinds that there are not, and name those that there are', async () => {
    const { errors } = await world.refusal('/destinations', { name: 'x', type: 'push_ios', config: { params: {} } });
    expect(errors[0]?.message).toMatch(/^type: .*webhook/);
    await world.refusal('/destinations', { name: 'x', type: 'webhook' });
    await world.refusal('/destinations', {
      name: 'x',
      type: 'webhook',
      config: { params: WEBHOOK },
      retry_schedule: [],
    });
    const broken = await world.in('/destinations', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(broken.status).toBe(400);
    const { id } = await world.webhook('default', 'kept kind');
    await world.refusal(`/destinations/${id}`, { type: 'slack' }, 'PATCH');
  });

  it('are disabled and enabled, keep a retry schedule, and take their subscriptions with them', async () => {
    const { id } = await world.webhook('default', 'toggled');
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
    await world.rows(
      `INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
        notification_id, configuration_version)
      SELECT gen_random_uuid(), instance_id, gen_random_uuid(), id, destination_id, topic_id, gen_random_uuid(), 1
      FROM notifications.subscription, generate_series(1, 3) WHERE id = $1`,
      [subscription['id']],
    );
    expect((await world.in(`/destinations/${id}`, { method: 'DELETE' })).status).toBe(204);
    const states = await world.rows('SELECT DISTINCT state FROM notifications.delivery WHERE destination_id = $1', [
      id,
    ]);
    expect(states).toEqual([{ state: 'cancelled' }]);
    expect((await world.in(`/subscriptions/${subscription['id']}`)).status).toBe(404);
    expect((await world.in(`/topics/${topic['id']}`)).json()).toMatchObject({ subscription_count: 0 });
  });
});

describe('subscriptions', () => {
  it('join topics and destinations, with a filter of their own and a secret that is shown once', async () => {
    const topic = await world.made('/default/topics', { name: 'joined' });
    const { id } = await world.webhook('default', 'joined');
    const draft = { name: 'joined', topic_id: topic['id'], destination_id: id };
    const { errors } = await world.refusal('/subscriptions', { ...draft, filter: '$.a ==' });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = `{"name": "deep", "topic_id": "${topic['id']}", "destination_id": "${id}", "attributes": ${deep}}`;
    const headers = { 'content-type': 'application/json' };
    expect((await world.in('/subscriptions', { method: 'POST', headers, body })).status).toBe(400);
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
    const rows = await world.rows(
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
    await world.refusal('/templates', { ...draft, name: 'x', params: { body: body('{{#if') } });
    await world.refusal('/templates', { ...draft, name: 'x', params: { body: 'not base64!' } });
    await world.refusal('/templates', { ...draft, name: 'x', params: undefined });
    await world.refusal('/templates', { ...draft, name: 'x', type: 'teletext.notification' });
    const replaced = await world.in(`/templates/${made.id}`, { method: 'PUT', json: { ...draft, name: 'shorter' } });
    expect(replaced.json()).toMatchObject({ name: 'shorter', subscription_count: 0, subscription_names: [] });
    const topic = await world.made('/default/topics', { name: 'templated' });
    const { id } = await world.webhook('default', 'templated');
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
    await world.refusal('/subscriptions', { name: 'y', topic_id: topic['id'], destination_id: id, attributes });
  });
});
