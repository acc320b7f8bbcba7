import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '@tidings/catalogue';
import { connectEvents } from '@tidings/notifications';
import { decodeRecord, type IncomingRecord, KafkaTransport, lifecycleTopics } from '@tidings/transport';
import { until } from '../../harness/until.js';
import { ApiWorld } from '../api-world.js';
import { AdminWorld, type IbmErrors } from './admin-world.js';
import { answering, WebhookSink } from './webhook-sink.js';

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_status: string | null;
  readonly subscription_id: string | null;
}

interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next?: { readonly href: string };
}

const servers = { databaseUrl: inject('databaseUrl'), brokers: inject('brokers') };
let world: AdminWorld;
let sink: WebhookSink;

beforeAll(async () => {
  world = await AdminWorld.create(servers, 'deliver,api');
  sink = await WebhookSink.open();
});

afterEach(() => {
  sink.behave(answering(204));
});

afterAll(async () => {
  await world.close();
  await sink.close();
});

const webhook = (): object => ({ url: sink.url, verb: 'post' });

/** Sends a test, and waits for what becomes of it. */
async function tested(destinationId: string): Promise<Delivery> {
  const sent = await world.in(`/destinations/${destinationId}/test`, { method: 'POST' });
  expect(sent.status).toBe(202);
  return ended(sent.json<{ notification_id: string }>().notification_id);
}

async function ended(id: string): Promise<Delivery> {
  return until(async () => {
    const delivery = (await world.in(`/deliveries/${id}`)).json<Delivery>();
    return delivery.state === 'delivered' || delivery.state === 'failed' ? delivery : undefined;
  });
}

/** A subscription, and a delivery to it of an event that nobody sent. */
async function queued(name: string): Promise<{ id: string; destinationId: string; subscriptionId: string }> {
  const destination = await world.webhook('default', name, webhook());
  const topic = await world.made<{ id: string }>('/default/topics', { name });
  const subscription = await world.made<{ id: string }>('/default/subscriptions', {
    name,
    topic_id: topic.id,
    destination_id: destination.id,
  });
  const rows = await world.rows<{ id: string }>(
    `WITH event AS (
      INSERT INTO notifications.event (key, id, type, source, time, body)
      VALUES (gen_random_uuid(), gen_random_uuid(), 'test', '/test/main', now(), '{"specversion":"1.0","id":"1"}')
      RETURNING key
    ), told AS (SELECT pg_notify('tidings_deliveries', ''))
    INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
      notification_id, configuration_version)
    SELECT gen_random_uuid(), instance.id, key, $1, $2, $3, gen_random_uuid(), 1
    FROM event, told, notifications.instance WHERE is_default RETURNING id`,
    [subscription.id, destination.id, topic.id],
  );
  return { id: rows[0]?.id ?? '', destinationId: destination.id, subscriptionId: subscription.id };
}

describe('deliveries', () => {
  it('are listed with their attempts, and can be made again with the same id', async () => {
    sink.behave((response) => response.writeHead(200).end('got it'));
    const { id } = await queued('again');
    expect(await ended(id)).toMatchObject({ state: 'delivered', attempts: 1, last_status: '200' });
    const before = sink.received.length;
    const retry = await world.in(`/deliveries/${id}/retry`, { method: 'POST' });
    expect(retry.status).toBe(202);
    await until(() => sink.received.length === before + 1);
    await until(async () => (await world.in(`/deliveries/${id}`)).json<Delivery>().attempts === 2);
    expect(sink.received.at(-1)?.headers['webhook-id']).toBe(sink.received.at(-2)?.headers['webhook-id']);
    const { attempts } = (await world.in(`/deliveries/${id}/attempts`)).json<{ attempts: object[] }>();
    expect(attempts).toMatchObject([
      { number: 1, outcome: 'delivered', status: '200', response_head: 'got it' },
      { number: 2, outcome: 'delivered' },
    ]);
    const audit = await world.rows<{ action: string }>(`SELECT action FROM access.audit WHERE subject = $1`, [
      `delivery:${id}`,
    ]);
    expect(audit).toEqual([{ action: 'delivery.retry' }]);
  });

  it('are chosen by state and destination, and paged by cursor', async () => {
    const { id: destinationId } = await world.webhook('default', 'paged', webhook());
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.push((await tested(destinationId)).id);
    const path = `/deliveries?state=delivered&destination_id=${destinationId}&limit=2`;
    const first = (await world.in(path)).json<DeliveryPage>();
    expect(first.deliveries.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const { pathname, search } = new URL(first.next?.href ?? '');
    const second = (await world.request(pathname + search)).json<DeliveryPage>();
    expect(second.deliveries.map(({ id }) => id)).toEqual([ids[0]]);
    expect(second.next).toBeUndefined();
    const none = await world.in(`/deliveries?state=failed&destination_id=${destinationId}`);
    expect(none.json<DeliveryPage>().deliveries).toEqual([]);
  });

  it('refuse parameters that say nothing', async () => {
    const answer = await world.in('/deliveries?stat=failed&limit=0&cursor=x');
    expect(answer.status).toBe(400);
    const said = answer.json<IbmErrors>().errors.map(({ message }) => message);
    expect(said.toSorted()).toEqual([
      'cursor: must be a uuid',
      'limit: must be a whole number from 1 to 100',
      'stat: is not known here; did you mean state?',
    ]);
  });

  it('of another instance are not there', async () => {
    const { id } = await world.webhook('default', 'foreign', webhook());
    const delivery = await tested(id);
    const other = await world.made<{ id: string }>('', { name: 'other', scopes: ['*'] });
    for (const path of ['', '/attempts', '/retry']) {
      const method = path === '/retry' ? 'POST' : 'GET';
      expect((await world.ask(`/${other.id}/deliveries/${delivery.id}${path}`, { method })).status).toBe(404);
    }
    expect((await world.ask(`/${other.id}/deliveries`)).json<DeliveryPage>().deliveries).toEqual([]);
  });

  it('that failed are recovered for a destination since a time', async () => {
    sink.behave(answering(400));
    const { id, destinationId } = await queued('recovered');
    expect(await ended(id)).toMatchObject({ state: 'failed', attempts: 1 });
    sink.behave(answering(204));
    const path = `/destinations/${destinationId}/recover`;
    const late = await world.in(path, { method: 'POST', json: { since: '2099-01-01T00:00:00Z' } });
    expect(late.json()).toMatchObject({ recovered: 0 });
    const recovered = await world.in(path, { method: 'POST', json: { since: '2020-01-01T00:00:00Z' } });
    expect(recovered.json()).toMatchObject({ recovered: 1 });
    await until(async () => (await world.in(`/deliveries/${id}`)).json<Delivery>().state === 'delivered');
    expect((await world.in(path, { method: 'POST', json: {} })).status).toBe(400);
  });
});

it('a destination that is gone is disabled, the operator is told on the bus, and what waits goes out when it is enabled', async () => {
  const transport = new KafkaTransport({ brokers: servers.brokers.split(','), clientId: 'test' });
  const settings = {
    prefix: world.prefix,
    partitions: 1,
    replicationFactor: 1,
    retentionHours: 1,
    maxEventBytes: 1 << 20,
  };
  await transport.ensureTopics(lifecycleTopics(catalogue, settings));
  const records: IncomingRecord[] = [];
  await transport.consume({
    groupId: `${world.prefix}test`,
    matches: (kafkaTopic) => kafkaTopic === `${world.prefix}lifecycle.tidings.destinations`,
    handle: (batch) => {
      records.push(...batch.records);
      return Promise.resolve();
    },
  });
  sink.behave(answering(410));
  const { id, destinationId } = await queued('gone');
  await until(async () => {
    const destination = (await world.in(`/destinations/${destinationId}`)).json<{ enabled: boolean }>();
    return !destination.enabled;
  });
  await until(() => records.length > 0);
  const [record] = records;
  const decoded = record === undefined ? undefined : decodeRecord(record);
  expect(decoded).toMatchObject({
    kind: 'event',
    event: { type: 'io.tidings.destination.disabled', subject: destinationId },
  });
  sink.behave(answering(204));
  await world.in(`/destinations/${destinationId}/enable`, { method: 'POST' });
  await world.in(`/deliveries/${id}/retry`, { method: 'POST' });
  expect(await ended(id)).toMatchObject({ state: 'delivered' });
  await transport.close();
});

it('stored events are replayed to a subscription as far as its topic takes them, with progress', async () => {
  const events = await ApiWorld.create(servers);
  try {
    connectEvents(world.app, events.url);
    const { waldur = 0 } = await events.storeSamples();
    const { sources } = (await world.in('/sources?limit=100')).json<{ sources: { id: string; type: string }[] }>();
    const source = sources.find(({ type }) => type === 'waldur-lifecycle-events')?.id ?? '';
    await world.in(`/sources/${encodeURIComponent(source)}`, { method: 'PATCH', json: { enabled: true } });
    const destination = await world.webhook('default', 'replayed', webhook());
    const topic = await world.made<{ id: string }>('/default/topics', {
      name: 'replayed',
      sources: [{ id: source, rules: [] }],
    });
    const subscription = await world.made<{ id: string }>('/default/subscriptions', {
      name: 'replayed',
      topic_id: topic.id,
      destination_id: destination.id,
    });
    const before = sink.received.length;
    const path = `/subscriptions/${subscription.id}/replay`;
    const refused = await world.in(path, { method: 'POST', json: { query: { no_such_parameter: 'x' } } });
    expect(refused.status).toBe(400);
    const started = await world.in(path, { method: 'POST', json: { query: { o: 'created' } } });
    expect(started.status).toBe(202);
    const { id } = started.json<{ id: string }>();
    const done = await until(async () => {
      const replay = (await world.in(`/replays/${id}`)).json<{ state: string; delivered: number; queued: number }>();
      return replay.state === 'done' && replay.delivered === replay.queued ? replay : undefined;
    });
    expect(done.queued).toBe(waldur);
    expect(sink.received.slice(before)).toHaveLength(waldur);
    const first = JSON.parse(sink.received.at(-1)?.body ?? '') as Record<string, unknown>;
    expect(first).toMatchObject({ specversion: '1.0', source: '/waldur/main' });
    expect((await world.in(`/replays/${id}`, { method: 'DELETE' })).status).toBe(204);
  } finally {
    await events.close();
  }
});
