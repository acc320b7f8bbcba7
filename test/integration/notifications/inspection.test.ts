import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { ApiWorld, type ShownEvent } from '../api-world.js';
import { AUTHORIZATION, MatchingWorld } from './matching-world.js';

const CREATED = 'com.waldur.resource_creation_succeeded';

interface Routing {
  readonly source: { readonly enabled: boolean } | null;
  readonly topics: readonly {
    readonly id: string;
    readonly matches: boolean;
    readonly reason: string | null;
    readonly rules: readonly { readonly event_type_filter: { readonly matches: boolean } }[];
    readonly subscriptions: readonly { readonly matches: boolean }[];
  }[];
  readonly deliveries: readonly { readonly subscription_id: string; readonly configuration_version: number }[];
}

describe('what admins ask of rules', () => {
  let events: ApiWorld;
  let world: MatchingWorld;
  let url: string;

  beforeAll(async () => {
    const servers = { brokers: inject('brokers'), databaseUrl: inject('databaseUrl') };
    events = await ApiWorld.create(servers);
    await events.storeSamples();
    world = await MatchingWorld.create(servers);
    url = await world.start('match,api', { TIDINGS_EVENTS_URL: events.url });
  });
  afterAll(async () => {
    await world.close();
    await events.close();
  });

  async function ask(
    instanceId: string,
    path: string,
    body?: object | string,
  ): Promise<{ status: number; json: unknown }> {
    const answer = await fetch(`${url}/event-notifications/v1/instances/${instanceId}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, json: await answer.json() };
  }

  async function storedUuid(id: string): Promise<string> {
    const list = (await events.request('/api/events/?page_size=100&field=uuid&field=id')).json<
      readonly { readonly uuid: string; readonly id: string }[]
    >();
    return list.find((event) => event.id === id)?.uuid ?? expect.fail('it is not stored');
  }

  it('is told which topics take a stored event, why the others do not, and what was delivered', async () => {
    const taking = await world.route('waldur', { rules: [`$.type == '${CREATED}'`] });
    const refusing = await world.route('waldur', { rules: ["$.type == 'com.waldur.other'"] });
    const disabled = await world.route('waldur', { enabled: false });
    const elsewhere = await world.route('waldur', { scopes: ['waldur:north'] });
    const id = randomUUID();
    const record = world.record({ type: CREATED, id, data: { message: 'm', context: {} } });
    await events.store([record]);
    await world.send([record]);
    await until(async () => (await world.deliveries(taking)).length === 1);
    const uuid = await storedUuid(id);

    const taken = (await ask(taking.instanceId, `events/${uuid}/routing`)).json as Routing;
    expect(taken.topics).toMatchObject([{ matches: true, reason: null, subscriptions: [{ matches: true }] }]);
    expect(taken.deliveries).toMatchObject([{ subscription_id: taking.subscriptionId }]);

    const refused = (await ask(refusing.instanceId, `events/${uuid}/routing`)).json as Routing;
    expect(refused.topics).toMatchObject([
      { matches: false, reason: 'no_rule_matches', rules: [{ event_type_filter: { matches: false } }] },
    ]);
    expect(refused.deliveries).toEqual([]);

    const suppressed = (await ask(disabled.instanceId, `events/${uuid.replaceAll('-', '')}/routing`)).json as Routing;
    expect(suppressed).toMatchObject({ source: { enabled: false }, topics: [{ reason: 'source_disabled' }] });

    // Nobody learns whether what they may not see is there.
    const unseen = await ask(elsewhere.instanceId, `events/${uuid}/routing`);
    const missing = await ask(elsewhere.instanceId, `events/${randomUUID()}/routing`);
    expect([unseen.status, missing.status]).toEqual([404, 404]);

    const { json } = await ask(disabled.instanceId, `sources/${encodeURIComponent(disabled.sourceId)}/metrics`);
    expect(json).toMatchObject({ received: 1, suppressed: 1, matched: 0, deliveries: 0, hours: [{ received: 1 }] });
    const unknown = await ask(disabled.instanceId, `sources/${encodeURIComponent(`${randomUUID()}:api`)}/metrics`);
    expect(unknown.status).toBe(404);
  });

  it('has filters read, with the place of what is wrong', async () => {
    const { instanceId } = await world.route('lxd');
    const good = await ask(instanceId, 'filters/validate', { filter: "$.type == 'a' || $.type == 'b'" });
    expect(good.json).toMatchObject({ valid: true, event_types: ['a', 'b'], reads_payload: false });
    const bad = await ask(instanceId, 'filters/validate', { filter: '$.data.region = 1' });
    expect(bad).toMatchObject({ status: 200, json: { valid: false, position: 14 } });
  });

  it('tries a filter on an event, and on the last stored ones that the instance may see', async () => {
    const all = await world.route('waldur');
    const ours = await world.route('lxd', { scopes: ['lxd:main'] });
    const filter = "$.type =~ '^com.canonical.lxd'";
    const one = await ask(all.instanceId, 'filters/test', { filter, event: { type: 'com.canonical.lxd.operation' } });
    expect(one.json).toMatchObject({ tested: 1, matched: 1, matches: true, cut_short: 0 });
    const wide = { type: 'x', data: { a: Array<number>(500).fill(1) } };
    const costly = await ask(all.instanceId, 'filters/test', { filter: '$.data.a[*] < $.data.a[*]', event: wide });
    expect(costly.json).toMatchObject({ tested: 1, matched: 0, matches: false, cut_short: 1 });

    const stored = (await events.request('/api/events/?system=lxd&page_size=100')).json<readonly ShownEvent[]>();
    const tried = await ask(ours.instanceId, 'filters/test', { filter, last: 1000 });
    expect(tried.json).toMatchObject({ tested: stored.length, matched: stored.length });
    const shown = (tried.json as { events: readonly { uuid: string; type: string }[] }).events;
    expect(shown.every(({ type }) => type.startsWith('com.canonical.lxd'))).toBe(true);
    expect(
      shown
        .map(({ uuid }) => uuid.replaceAll('-', ''))
        .sort()
        .reverse(),
    ).toEqual(shown.map(({ uuid }) => uuid.replaceAll('-', '')));

    const few = await ask(all.instanceId, 'filters/test', { filter: '$.*', last: 3, source_id: all.sourceId });
    expect(few.json).toMatchObject({ tested: 3, matched: 3, cut_short: 0 });
    const wrong = await ask(all.instanceId, 'filters/test', { filter: '$.a ==' });
    expect(wrong.status).toBe(400);
    expect(JSON.stringify(wrong.json)).toContain('position 6');
  });

  it('tries a filter on an event as it is on the bus: any member name, the last of equal ones, and all digits', async () => {
    const { instanceId } = await world.route('lxd');
    const event =
      '{"type":"t","data":{"n":12345678901234567890,"a":1,"a":2,"__proto__":{"x":1},"constructor":{"prototype":1}}}';
    const matches = async (filter: string) => {
      const body = `{"filter":${JSON.stringify(filter)},"event":${event}}`;
      return (await ask(instanceId, 'filters/test', body)).json;
    };
    for (const filter of [
      '$.data.n == 12345678901234567890',
      '$.data.a == 2 && $.data.__proto__.x == 1',
      '$.data.constructor.prototype == 1',
    ]) {
      expect(await matches(filter), filter).toMatchObject({ matches: true });
    }
    expect(await matches('$.data.n == 12345678901234567891 || $.data.x == 1')).toMatchObject({ matches: false });
    expect(await ask(instanceId, 'filters/test', '{"filter":')).toMatchObject({ status: 400 });
    expect(await ask(instanceId, 'filters/test', '')).toMatchObject({ status: 400 });
  });
});
