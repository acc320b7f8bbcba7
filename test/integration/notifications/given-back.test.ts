import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminWorld, WEBHOOK } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

type Json = Readonly<Record<string, unknown>>;

/** Makes something; what is given has to be in the answer, and in what is read then. @returns it as it is read */
async function givenBack(plural: string, given: Json): Promise<Json> {
  const made = await world.made<Json>(`/default/${plural}`, given);
  const path = `/${plural}/${encodeURIComponent(String(made['id']))}`;
  const read = (await world.in(path)).json();
  // The answer to a topic's making is as short as IBM's.
  if (plural !== 'topics') expect(made).toMatchObject(given);
  expect(read).toMatchObject(given);
  return read;
}

async function template(type: string): Promise<string> {
  const params = { subject: 'Join', body: Buffer.from('{"value": "{{ibmendefaultshort}}"}').toString('base64') };
  const { id } = await givenBack('templates', { name: type, type, description: '', params });
  return String(id);
}

describe('what IBM’s clients give comes back', () => {
  it('of sources', async () => {
    const read = await givenBack('sources', { name: 's', description: '', enabled: false, store_notifications: true });
    const path = `/sources/${encodeURIComponent(String(read['id']))}`;
    const patched = await world.in(path, { method: 'PATCH', json: { store_notifications: false } });
    expect(patched.json()).toEqual({ ...read, store_notifications: false, updated_at: expect.any(String) });
  });

  it('of topics: filters that are empty, and a schedule only as a refusal', async () => {
    const { id } = await world.made('/default/sources', { name: 'of a topic' });
    const rules = [
      { enabled: true, event_type_filter: '', notification_filter: '' },
      { enabled: false, event_type_filter: '$.*', notification_filter: ' ' },
      { enabled: true, event_type_filter: "$.type == 'a'", notification_filter: '' },
    ];
    const read = await givenBack('topics', { name: 't', description: '', sources: [{ id, rules }] });
    const put = await world.in(`/topics/${String(read['id'])}`, { method: 'PUT', json: { description: 'd' } });
    expect(put.json()).toEqual({ ...read, description: 'd', updated_at: expect.any(String) });
    expect(read).toHaveProperty('created_at');
    const event_schedule_filter = { starts_at: '2026-11-02T08:00:00Z', expression: '* * * * *' };
    const { errors } = await world.refusal('/topics', {
      name: 'x',
      sources: [{ id, rules: [{ event_schedule_filter }] }],
    });
    expect(errors[0]?.message).toMatch(/^sources\[0\]\.rules\[0\]\.event_schedule_filter: .*"enabled": false/);
    await world.made('/default/topics', { name: 'n', sources: [{ id, rules: [{ event_schedule_filter: null }] }] });
  });

  it('of destinations', async () => {
    const headers = { custom_headers: { 'X-Key': 'k', other: 'o' }, sensitive_headers: ['x-key'] };
    const hook = { url: WEBHOOK.url, verb: 'POST', ...headers };
    const shown = { ...hook, custom_headers: { 'X-Key': '********', other: 'o' } };
    const made = await world.webhook('default', 'hook', hook);
    expect(made).toMatchObject({ config: { params: shown } });
    expect((await world.in(`/destinations/${made.id}`)).json()).toMatchObject({ config: { params: shown } });
    const dkim = { public_key: 'k', selector: 's', verification: 'PENDING' };
    const params = { domain: 'Notify.Example.org', dkim, spf: { txt_name: 'n', txt_value: 'v' } };
    await givenBack('destinations', { name: 'mail', type: 'smtp_custom', config: { params } });
  });

  it('of subscriptions and their templates, by the kind of destination', async () => {
    const { id: topic_id } = await world.made('/default/topics', { name: 'of subscriptions' });
    const invitation = await template('smtp_custom.invitation');
    const mail = await template('smtp_custom.notification');
    const kafka = await template('event_streams.notification');
    const oneWord = await template('eventstreams.notification');
    const kinds: readonly (readonly [type: string, params: object, attributes: readonly Json[]])[] = [
      ['webhook', WEBHOOK, [{ signing_enabled: false, add_notification_payload: false, template_id_notification: '' }]],
      [
        'event_streams',
        { endpoint: 'kafka.example.org:9093', topic: 'orders' },
        [
          { template_id_notification: kafka, add_notification_payload: false },
          { template_id_notification: oneWord },
          { template_id_notification: '' },
        ],
      ],
      [
        'slack',
        { type: 'incoming_webhook', url: 'https://hooks.slack.example.org/services/a' },
        [{ template_id_notification: '' }],
      ],
      [
        'smtp_custom',
        { domain: 'notify.example.org' },
        [
          {
            ...{
              add_notification_payload: false,
              reply_to_mail: '',
              reply_to_name: '',
              from_name: 'N',
              from_email: '',
            },
            ...{ template_id_notification: mail, template_id_invitation: invitation },
          },
        ],
      ],
    ];
    for (const [type, params, variants] of kinds) {
      const { id } = await world.made('/default/destinations', { name: type, type, config: { params } });
      for (const [index, attributes] of variants.entries()) {
        const invited = type === 'smtp_custom' ? { invited: ['a@example.org'] } : {};
        const given = { name: `${type} ${index}`, description: '', topic_id, destination_id: id };
        const made = await world.made<Json>('/default/subscriptions', {
          ...given,
          attributes: { ...attributes, ...invited },
        });
        const read = (await world.in(`/subscriptions/${String(made['id'])}`)).json();
        expect(read, type).toMatchObject({ ...given, attributes });
        if (type === 'smtp_custom') {
          const people = [{ email: 'a@example.org' }];
          expect(read['attributes']).toMatchObject({ invited: people, subscribed: people, unsubscribed: [] });
        }
        // What was read may be sent back.
        const { attributes: again } = read;
        const patched = await world.in(`/subscriptions/${String(made['id'])}`, {
          method: 'PATCH',
          json: { attributes: again },
        });
        expect(patched.json()).toMatchObject({ attributes: again });
      }
    }
    expect((await world.in(`/templates/${invitation}`)).json()).toMatchObject({
      subscription_names: ['smtp_custom 0'],
    });
    expect((await world.in(`/templates/${invitation}`, { method: 'DELETE' })).status).toBe(204);
    const left = (await world.in('/subscriptions?search=smtp_custom')).json<{ subscriptions: { id: string }[] }>();
    const { attributes } = (await world.in(`/subscriptions/${left.subscriptions[0]?.id}`)).json<{ attributes: Json }>();
    expect(attributes).not.toHaveProperty('template_id_invitation');
    expect(attributes).toMatchObject({ template_id_notification: mail });
  });

  it('with what its clients cannot read an answer without', async () => {
    const { id: topic_id } = await world.made('/default/topics', { name: 'least' });
    const config = { params: { domain: 'notify.example.org' } };
    const { id: destination_id } = await world.made('/default/destinations', {
      name: 'least',
      type: 'smtp_custom',
      config,
    });
    const attributes = { invited: ['a@example.org'] };
    const made = await world.made('/default/subscriptions', { name: 'least', topic_id, destination_id, attributes });
    expect(made).toMatchObject({
      attributes: {
        ...{ add_notification_payload: true, reply_to_mail: '', reply_to_name: '', from_name: '', from_email: '' },
      },
    });
  });
});

it('a name that is taken is told with the id of what has it', async () => {
  const { id } = await world.made('/default/topics', { name: 'twice' });
  const again = await world.in('/topics', { method: 'POST', json: { name: 'twice' } });
  expect(again.status).toBe(409);
  expect(again.text).toContain(id);
});

it('a source is called by its name in the cloud, with the slash as it is or encoded', async () => {
  const { sources } = (await world.in('/sources?search=LXD')).json<{ sources: { id: string }[] }>();
  const { id = '' } = sources[0] ?? {};
  expect(id).toContain('/');
  for (const path of [id, encodeURIComponent(id), id.replace('/', '%2F')]) {
    expect((await world.in(`/sources/${path}`)).json()).toMatchObject({ id });
    expect((await world.in(`/sources/${path}/metrics`)).status, path).toBe(200);
    const patched = await world.in(`/sources/${path}`, { method: 'PATCH', json: { enabled: true } });
    expect(patched.status, path).toBe(200);
  }
});

it('what there is not is told with what there is instead', async () => {
  const direct = { name: 'd', type: 'slack', config: { params: { type: 'direct_message', token: 'xoxb-case' } } };
  const refused = await world.refusal('/destinations', direct);
  expect(refused.errors[0]?.message).toMatch(/^config\.params\.type: .*incoming_webhook/);
  expect(JSON.stringify(refused)).not.toContain('xoxb');
  const url = { endpoint: 'https://broker.example.org', topic: 'orders' };
  const kafka = await world.refusal('/destinations', { name: 'k', type: 'event_streams', config: { params: url } });
  expect(kafka.errors[0]?.message).toMatch(/host:port.*without https/);
});

it('a body with thousands of wrong members is answered in a few lines', async () => {
  const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${'x'.repeat(150)}${index}`, 1]));
  const config = { params: { ...WEBHOOK, ...members } };
  for (const [path, json] of [
    ['/topics', { name: 'x', ...members }],
    ['/destinations', { name: 'x', type: 'webhook', config }],
  ] as const) {
    const refused = await world.refusal(path, json);
    expect(refused.errors.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(refused).length).toBeLessThan(20_000);
  }
});
