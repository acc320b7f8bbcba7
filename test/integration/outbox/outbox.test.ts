import { randomUUID } from 'node:crypto';
import { Publisher } from '@tidings/publishing';
import { OUTBOX_ERRORS, OutboxError } from '@tidings/publishing/outbox';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { OutboxWorld, PAYLOAD, PREFIX, TOPIC, TYPE } from './outbox-world.js';

let world: OutboxWorld;
beforeEach(async () => {
  world = await OutboxWorld.create(inject('databaseUrl'));
});
afterEach(() => world.close());

/** Changes an order and says so. */
async function change(order: string, id: string): Promise<void> {
  await world.source.transaction(async (manager) => {
    await manager.query(
      'INSERT INTO team.orders VALUES ($1) ON CONFLICT (id) DO UPDATE SET changes = team.orders.changes + 1',
      [order],
    );
    await world.publisher.within(manager).publish(TYPE, PAYLOAD, { subject: order, id });
  });
}

const allSent = (count: number) =>
  until(() => world.sent().length >= count, { what: `${count} events to be on Kafka` });

describe('writing to the outbox', () => {
  it('refuses outside of a transaction, and says what to do', () => {
    const attempt = () => world.publisher.within(world.source.manager);
    expect(attempt).toThrow(OutboxError);
    expect(attempt).toThrow(
      `${OUTBOX_ERRORS.NO_TRANSACTION}: the entity manager has none that is running; use the one`,
    );
  });

  it('refuses what is written after the end of its transaction', async () => {
    const writer = await world.source.transaction(async (manager) => world.publisher.within(manager));
    await expect(writer.publish(TYPE, PAYLOAD)).rejects.toMatchObject({ code: 'NO_TRANSACTION', retriable: false });
    expect(await world.rows()).toBe(0);
  });

  it('keeps the event where the transaction commits, and only there', async () => {
    await change('a', 'committed');
    const failure = world.source.transaction(async (manager) => {
      await world.publisher.within(manager).publish(TYPE, PAYLOAD, { id: 'rolled-back' });
      throw new Error('changed my mind');
    });
    await expect(failure).rejects.toThrow('changed my mind');
    await world.relay();
    await change('a', 'later');
    await allSent(2);
    expect(world.sent().map(({ id }) => id)).toEqual(['committed', 'later']);
    await until(async () => (await world.rows()) === 0);
  });

  it('lets the transaction go on where an event was mistaken', async () => {
    await world.source.transaction(async (manager) => {
      const writer = world.publisher.within(manager);
      await expect(writer.publish(TYPE, {} as never)).rejects.toMatchObject({ code: 'INVALID_PAYLOAD' });
      await expect(
        writer.publishBatch([
          { type: TYPE, payload: PAYLOAD },
          { type: TYPE, payload: PAYLOAD, time: 'yesterday' },
        ]),
      ).rejects.toThrow('[1].time');
      await writer.publish(TYPE, PAYLOAD, { id: 'the good one' });
    });
    await world.relay();
    await allSent(1);
    expect(world.sent().map(({ id }) => id)).toEqual(['the good one']);
  });

  it('has the columns that Debezium reads, with the payload as it was given', async () => {
    const id = randomUUID();
    await world.source.transaction((manager) =>
      world.publisher.within(manager).publish(TYPE, PAYLOAD, { id, subject: 'order-1' }),
    );
    const { rows } = await world.pool.query(
      'SELECT id, aggregatetype, aggregateid, type, payload::text FROM team.outbox',
    );
    expect(rows).toEqual([
      { id, aggregatetype: TOPIC, aggregateid: 'order-1', type: TYPE, payload: JSON.stringify(PAYLOAD) },
    ]);
  });
});

describe('relaying', () => {
  it('sends the message that the publisher would have sent', async () => {
    const about = {
      id: 'order-7',
      source: 'https://crm.example/eu',
      subject: 'somebody',
      time: '2026-11-02T08:01:53.204968123+01:00',
      extensions: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    };
    await world.source.transaction((manager) => world.publisher.within(manager).publish(TYPE, PAYLOAD, about));
    await world.relay();
    await allSent(1);
    const direct = new Publisher({ publisher: await world.transport.createPublisher(), prefix: PREFIX });
    await direct.publish(TYPE, PAYLOAD, about);
    const [relayed, sent] = world.transport.records(PREFIX + TOPIC);
    expect({ ...relayed, offset: '', timestamp: '' }).toEqual({ ...sent, offset: '', timestamp: '' });
  });

  it('sends what another language wrote', async () => {
    await world.relay();
    await world.pool.query(
      'INSERT INTO team.outbox (aggregatetype, aggregateid, type, source, payload) VALUES ($1, $2, $3, $4, $5)',
      [TOPIC, 'order-1', TYPE, '/crm/eu', JSON.stringify(PAYLOAD)],
    );
    await allSent(1);
    const [record] = world.transport.records(PREFIX + TOPIC);
    expect(world.decoded(record!)).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      source: '/crm/eu',
      type: TYPE,
      subject: 'order-1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
      data: PAYLOAD,
    });
  });

  it('keeps the order of a key although transactions end in another order than they began', async () => {
    await world.relay();
    const [early, late] = [world.source.createQueryRunner(), world.source.createQueryRunner()];
    // The one that begins first, and has its transaction id first, writes last.
    await early.startTransaction();
    await early.query('INSERT INTO team.orders VALUES ($1)', ['other']);
    await late.startTransaction();
    await world.publisher.within(late.manager).publish(TYPE, PAYLOAD, { subject: 'a', id: 'first' });
    const second = world.publisher.within(early.manager).publish(TYPE, PAYLOAD, { subject: 'a', id: 'second' });
    await world.publisher.within(late.manager).publish(TYPE, PAYLOAD, { subject: 'b', id: 'of another key' });
    await until(
      async () =>
        (await world.pool.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)).rowCount === 1,
      { what: 'the second to wait for its turn' },
    );
    await late.commitTransaction();
    await second;
    await early.commitTransaction();
    await Promise.all([early.release(), late.release()]);
    await allSent(3);
    expect(
      world
        .sent()
        .filter(({ subject }) => subject === 'a')
        .map(({ id }) => id),
    ).toEqual(['first', 'second']);
  });

  it('never overtakes a row that is not committed yet with a later one of its key', async () => {
    await world.relay();
    const keys = ['a', 'b', 'c'];
    // Eight writers that get in each other's way; the number of a change is drawn under the row's own lock.
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 25; round += 1) {
          const key = keys[round % keys.length]!;
          await world.source.transaction(async (manager) => {
            const changed: unknown = await manager.query(
              `INSERT INTO team.orders VALUES ($1) ON CONFLICT (id) DO UPDATE SET changes = team.orders.changes + 1
               RETURNING changes`,
              [key],
            );
            const [{ changes }] = changed as [{ changes: number }];
            await world.publisher.within(manager).publish(TYPE, PAYLOAD, { subject: key, id: `${key}-${changes}` });
          });
        }
      }),
    );
    await allSent(200);
    for (const key of keys) {
      const changes = world.sent().flatMap(({ id, subject }) => (subject === key ? [Number(id.split('-')[1])] : []));
      expect(changes).toEqual(changes.map((_change, index) => index));
    }
  });

  it('is told of a commit, and need not look', async () => {
    const relay = await world.relay();
    await until(async () => (await relay.status()).buckets === 16);
    await change('a', 'told');
    await allSent(1);
  });

  it('shares the keys with other processes, and takes over those of one that ends', async () => {
    const [one, other] = [await world.relay({ pollMs: 200 }), await world.relay({ pollMs: 200 })];
    await until(async () => (await one.status()).buckets === 8 && (await other.status()).buckets === 8, {
      what: 'the relays to share the buckets',
    });
    for (let order = 0; order < 40; order += 1) await change(`order-${order}`, `before-${order}`);
    await allSent(40);
    expect((await one.status()).sent).toBeGreaterThan(0);
    expect((await other.status()).sent).toBeGreaterThan(0);
    await one.stop();
    for (let order = 0; order < 40; order += 1) await change(`order-${order}`, `after-${order}`);
    await allSent(80);
    expect(world.sent()).toHaveLength(80);
  });

  it('takes the work over from one whose connection was cut, and comes back itself', async () => {
    const relay = await world.relay();
    await until(async () => (await relay.status()).buckets === 16);
    await world.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'tidings-outbox-relay' AND datname = current_database()`,
    );
    await change('a', 'after the cut');
    await allSent(1);
  });
});

describe('when something is wrong', () => {
  it('waits for a broker that is away, says how much waits, and loses nothing', async () => {
    world.transport.setReachable(false);
    const relay = await world.relay();
    for (let n = 0; n < 5; n += 1) await change('a', `event-${n}`);
    await until(async () => (await relay.status()).waiting === 5);
    const { oldestSeconds } = await relay.status();
    await until(async () => (await relay.status()).oldestSeconds > oldestSeconds);
    expect(world.sent()).toEqual([]);
    world.transport.setReachable(true);
    await allSent(5);
    expect(world.sent().map(({ id }) => id)).toEqual(Array.from({ length: 5 }, (_event, n) => `event-${n}`));
    await until(async () => (await relay.status()).waiting === 0);
    expect(await relay.status()).toMatchObject({ oldestSeconds: 0, isConnected: true, sent: 5 });
  });

  it('puts aside what the broker will never take, and its neighbours go on', async () => {
    const relay = await world.relay();
    const payload = { ...PAYLOAD, filler: 'x'.repeat(1_500_000) };
    await world.pool.query(
      `INSERT INTO team.outbox (aggregatetype, aggregateid, type, source, payload)
       SELECT $1, 'a', $2, '/crm/eu', body::json FROM unnest($3::text[]) AS body`,
      [TOPIC, TYPE, [JSON.stringify(PAYLOAD), JSON.stringify(payload), JSON.stringify(PAYLOAD)]],
    );
    await allSent(2);
    await until(async () => (await relay.status()).refused === 1);
    const { rows } = await world.pool.query<{ refusal: string }>('SELECT refusal FROM team.outbox');
    expect(rows.map(({ refusal }) => refusal)).toEqual([expect.stringContaining('size')]);
    expect(await relay.status()).toMatchObject({ waiting: 0 });
  });

  it('does not hold up others for a topic that does not exist', async () => {
    await world.relay();
    await world.pool.query(
      `INSERT INTO team.outbox (aggregatetype, aggregateid, type, source, payload) VALUES ('nowhere', 'a', 'x', 'y', '{}')`,
    );
    for (let n = 0; n < 5; n += 1) await change('a', `event-${n}`);
    await allSent(5);
    expect(await world.rows()).toBeGreaterThanOrEqual(1);
    await world.transport.ensureTopics([{ kafkaTopic: `${PREFIX}nowhere`, partitions: 1, replicationFactor: 1 }]);
    await until(async () => (await world.rows()) === 0);
  });

  it('has a migration that can be taken back', async () => {
    await world.source.undoLastMigration();
    await world.source.undoLastMigration();
    const { rows } = await world.pool.query(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'team'::regnamespace
       UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'team'::regnamespace AND relname LIKE 'outbox%'`,
    );
    expect(rows).toEqual([]);
  });
});
