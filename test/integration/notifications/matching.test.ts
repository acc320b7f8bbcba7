import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { MatchingWorld, type Route } from './matching-world.js';

const CREATED = 'com.waldur.resource_creation_succeeded';
const DELETED = 'com.waldur.resource_deletion_succeeded';

describe('matching', () => {
  let world: MatchingWorld;

  beforeAll(async () => {
    world = await MatchingWorld.create({ brokers: inject('brokers'), databaseUrl: inject('databaseUrl') });
    await world.start('match');
  });
  afterAll(() => world.close());

  /** Everything published so far has been counted at the source. */
  async function received(route: Route, count: number): Promise<void> {
    await until(async () => (await world.counts(route)).received >= count, { what: `${count} events received` });
  }

  it('suppresses what a disabled source says, and delivers once it is enabled', async () => {
    const route = await world.route('lxd', { enabled: false });
    const type = 'com.canonical.lxd.lifecycle.instance-created';
    await until(async () => {
      await world.publish({ type });
      return (await world.counts(route)).suppressed > 0;
    });
    expect(await world.deliveries(route)).toEqual([]);
    const { suppressed } = await world.counts(route);
    const version = await world.enable(route, true);
    const id = await until(async () => {
      await world.publish({ type, id: randomUUID() });
      const [first] = await world.deliveries(route);
      return first;
    });
    expect(BigInt(id.configuration_version)).toBeGreaterThanOrEqual(version);
    expect((await world.counts(route)).suppressed).toBeGreaterThanOrEqual(suppressed);
  });

  it('takes what a rule of the topic takes, once each, and keeps the event as it came', async () => {
    const route = await world.route('cds', { rules: ["$.type == 'com.ovh.cds.RunEnded'", "$.data.project == 'A'"] });
    const types = ['com.ovh.cds.RunEnded', 'com.ovh.cds.RunBuilding'];
    const draft = { id: randomUUID(), type: types[0] ?? '', subject: 's-1', data: { project: 'A', big: 1 } };
    const text = '{"big":12345678901234567890.10, "project":"A"}';
    const record = { ...world.record(draft), value: text };
    await world.publish({ type: types[1] ?? '', data: { project: 'B' } });
    await world.send([record, record]);
    await world.send([record]);
    await received(route, 4);
    const deliveries = await world.deliveries(route);
    expect(deliveries.map(({ event_id }) => event_id)).toEqual([draft.id]);
    expect(deliveries[0]?.body).toContain(`"data":${text}}`);
    expect(JSON.parse(deliveries[0]?.body ?? '')).toMatchObject({ specversion: '1.0', id: draft.id, subject: 's-1' });
    expect(await world.counts(route)).toMatchObject({ received: 4, matched: 3, deliveries: 1, suppressed: 0 });
  });

  it('never lets an instance have, or count, what is outside of its scopes', async () => {
    const customer = randomUUID();
    const ours = await world.route('waldur', { scopes: [`waldur:main:customer:${customer.replaceAll('-', '')}`] });
    const all = await world.route('waldur');
    const context = (of: string): object => ({ message: 'm', context: { customer_uuid: of } });
    await world.publish(
      { type: CREATED, id: 'ours', data: context(customer) },
      { type: CREATED, id: 'theirs', data: context(randomUUID()) },
      { type: CREATED, id: 'elsewhere', source: '/waldur/north', data: context(customer) },
    );
    await received(all, 3);
    expect((await world.deliveries(ours)).map(({ event_id }) => event_id)).toEqual(['ours']);
    expect(await world.counts(ours)).toMatchObject({ received: 1, matched: 1 });
    const [one] = await world.deliveries(ours);
    const others = await world.deliveries(all);
    expect(others).toHaveLength(3);
    expect(others.map(({ notification_id }) => notification_id)).not.toContain(one?.notification_id);
  });

  it('skips what the store refuses: no event, no declared type, a payload that does not fit', async () => {
    const route = await world.route('waldur', { rules: [`$.type == '${DELETED}'`] });
    const good = world.record({ type: DELETED, id: 'good', data: { message: 'm', context: {} } });
    const direct = (record: typeof good) => {
      const { ['tidings-origin']: origin, ...headers } = record.headers;
      expect(origin).toBeDefined();
      return { ...record, headers };
    };
    await world.send([
      { ...good, headers: {}, value: 'nonsense' },
      direct(world.record({ type: DELETED, id: 'misfit', data: { message: 7 } })),
      { ...good, headers: { ...good.headers, ce_id: 'broken' }, value: '{"message":' },
      { ...good, headers: { ...good.headers, ce_id: 'timeless', ce_time: 'soon' } },
      good,
    ]);
    await until(async () => (await world.deliveries(route)).length > 0);
    expect((await world.deliveries(route)).map(({ event_id }) => event_id)).toEqual(['good']);
  });

  it('goes on where it was when the database comes back', async () => {
    const route = await world.route('waldur', { rules: ["$.subject == 'outage'"] });
    const name = new URL(world.databaseUrl).pathname.slice(1);
    const server = world.serverPool();
    await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [name],
    );
    const ids = Array.from({ length: 50 }, () => randomUUID());
    await world.publish(...ids.map((id) => ({ id, type: CREATED, subject: 'outage' })));
    await until(async () => !(await world.isReady()), { what: 'readiness says that the database is away' });
    await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await until(async () => (await world.deliveries(route)).length === ids.length);
    expect((await world.deliveries(route)).map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
    await until(() => world.isReady());
  });
});

describe('two matchers', () => {
  let world: MatchingWorld;

  beforeAll(async () => {
    world = await MatchingWorld.create({ brokers: inject('brokers'), databaseUrl: inject('databaseUrl') });
    await world.start('match');
    await world.start('match');
  });
  afterAll(() => world.close());

  it('deliver everything once under toggles, by versions in which the source was enabled', async () => {
    const types = ['com.canonical.lxd.lifecycle.instance-created', 'com.canonical.lxd.lifecycle.instance-started'];
    const route = await world.route('lxd');
    const control = await world.route('lxd');
    const enabledIn = new Map<bigint, boolean>();
    const sent: string[] = [];
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        const ids = Array.from({ length: 20 }, () => randomUUID());
        sent.push(...ids);
        await world.publish(...ids.map((id, at) => ({ id, type: types[at % 2] ?? '', subject: `vm-${at % 7}` })));
      }
    })();
    for (let toggle = 0; toggle < 12; toggle += 1) {
      const enabled = toggle % 2 === 1;
      const version = await world.enable(route, enabled);
      enabledIn.set(version, enabled);
      await world.matchesBy(version);
      const before = sent.length;
      await until(() => sent.length > before + 100);
    }
    isOver = true;
    await load;
    // The source that nobody toggles has all of it, once each.
    await until(async () => (await world.deliveries(control)).length >= sent.length, { timeout: 60_000 });
    expect((await world.deliveries(control)).map(({ event_id }) => event_id).sort()).toEqual([...sent].sort());
    const delivered = await world.deliveries(route);
    const first = [...enabledIn.keys()].reduce((a, b) => (a < b ? a : b));
    for (const { configuration_version } of delivered) {
      const version = BigInt(configuration_version);
      expect(version < first || enabledIn.get(version) === true).toBe(true);
    }
    // Whatever was decided by such a version was delivered: nothing is lost between received and suppressed.
    const { received, matched, suppressed, deliveries } = await world.counts(route);
    expect(received).toBe(matched + suppressed);
    expect(deliveries).toBe(delivered.length);
    expect(matched).toBeGreaterThanOrEqual(delivered.length);
    expect(suppressed).toBeGreaterThan(0);
    expect(delivered.length).toBeGreaterThan(0);
    expect(delivered.length + suppressed).toBeGreaterThanOrEqual(sent.length);
    const taken = new Set(delivered.map(({ event_id }) => event_id));
    for (const { event_id, configuration_version } of await world.deliveries(control)) {
      const isDelivered = taken.has(event_id);
      const version = BigInt(configuration_version);
      // One batch decides for both sources, and so by one version.
      expect([event_id, isDelivered]).toEqual([event_id, version < first || enabledIn.get(version) === true]);
    }
  });

  it('share the work anew when one of them goes', async () => {
    const route = await world.route('waldur');
    const ids = Array.from({ length: 400 }, () => randomUUID());
    await world.publish(...ids.slice(0, 200).map((id, at) => ({ id, type: CREATED, subject: `r-${at}` })));
    await world.stopLast();
    await world.publish(...ids.slice(200).map((id, at) => ({ id, type: DELETED, subject: `r-${at}` })));
    await until(async () => (await world.deliveries(route)).length === ids.length, { timeout: 60_000 });
    expect((await world.deliveries(route)).map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
  });
});
