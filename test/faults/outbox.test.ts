import { randomUUID } from 'node:crypto';
import { catalogue, type PayloadOf } from '@tidings/catalogue';
import { createDataSource, poolOf } from '@tidings/database';
import { createOutboxMigration, OutboxPublisher } from '@tidings/publishing/outbox';
import { decodeRecord, KafkaTransport } from '@tidings/transport';
import { expect, it } from 'vitest';
import { startEmbeddedServers } from '../harness/embedded-servers.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { say } from './outage.js';
import { RelayVictim } from './relay-victim.js';

const TRANSACTIONS = 20_000;
const WRITERS = 8;
const KEYS = 200;
const RELAYS = 2;
const TYPE = 'com.waldur.customer_creation_succeeded';
const declared = catalogue.type(TYPE)!;
const PAYLOAD = declared.example as unknown as PayloadOf<typeof TYPE>;

/** Which change of which order an event tells of. */
interface Change {
  readonly order: string;
  readonly number: number;
}

class Unwanted extends Error {}

/** Most of it is relays that start; on a busy machine each takes seconds. */
const TIMEOUT_MS = 900_000;

it(
  'sends what was committed, and only that, in the order of each key, while its relays are killed',
  { timeout: TIMEOUT_MS },
  async () => {
    const servers = await startEmbeddedServers({ postgresSettings: { synchronous_commit: 'off' } });
    const prefix = freshPrefix();
    const brokers = servers.kafka.brokers;
    const transport = new KafkaTransport({ brokers, clientId: 'outbox-test' });
    const kafkaTopic = prefix + declared.kafkaTopic;
    await transport.ensureTopics([{ kafkaTopic, partitions: 4, replicationFactor: 1 }]);
    const source = await createDataSource({
      url: servers.postgres.url,
      applicationName: 'a-team',
      schema: 'team',
      migrations: [createOutboxMigration({ schema: 'team' })],
      poolSize: WRITERS + 2,
    });
    const pool = poolOf(source);
    await pool.query('CREATE TABLE team.orders (id text PRIMARY KEY, changes int NOT NULL)');
    const publisher = new OutboxPublisher({ schema: 'team' });

    // The first copy of an id counts, as with everyone who drops the second.
    const arrived = new Map<string, number>();
    let copies = 0;
    const consumption = await transport.consume({
      groupId: `${prefix}observer`,
      matches: (topic) => topic === kafkaTopic,
      handle: async ({ records }) => {
        for (const record of records) {
          const decoded = decodeRecord(record);
          if (decoded.kind !== 'event') throw new Error('that is no event');
          copies += 1;
          if (!arrived.has(decoded.event.id)) arrived.set(decoded.event.id, arrived.size);
        }
        return Promise.resolve();
      },
    });
    const committed = new Map<string, Change>();
    const rolledBack = new Set<string>();

    async function change(number: number): Promise<void> {
      const order = `order-${number % KEYS}`;
      const id = randomUUID();
      try {
        const changes = await source.transaction(async (manager) => {
          const rows: unknown = await manager.query(
            `INSERT INTO team.orders VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET changes = team.orders.changes + 1
           RETURNING changes`,
            [order],
          );
          await publisher.within(manager).publish(TYPE, PAYLOAD, { id, subject: order });
          if (number % 3 === 0) throw new Unwanted();
          return (rows as [{ changes: number }])[0].changes;
        });
        committed.set(id, { order, number: changes });
      } catch (error) {
        if (!(error instanceof Unwanted)) throw error;
        rolledBack.add(id);
      }
    }

    const env = { KAFKA_BROKERS: brokers.join(','), DATABASE_URL: servers.postgres.url, TIDINGS_PREFIX: prefix };
    const victims = Array.from({ length: RELAYS }, () => new RelayVictim(env));
    try {
      let next = 0;
      await Promise.all(
        Array.from({ length: WRITERS }, async () => {
          while (next < TRANSACTIONS) {
            const number = next++;
            await change(number);
            if (number % 5_000 === 0) say(`${number} transactions, ${arrived.size} events have arrived`);
          }
        }),
      );
      // The killing goes on until the last row is gone.
      const waiting = async (): Promise<number> =>
        (await pool.query<{ rows: number }>('SELECT count(*)::int AS rows FROM team.outbox')).rows[0]?.rows ?? -1;
      await until(async () => (await waiting()) === 0, {
        timeout: 600_000,
        interval: 200,
        what: 'the outbox to be empty',
      });
      await Promise.all(victims.map((victim) => victim.spare()));
      await until(async () => (await consumption.lag()).every(({ lag }) => lag === 0n), { timeout: 60_000 });
      await until(() => arrived.size >= committed.size, { timeout: 30_000, what: 'what was committed to arrive' });
      const kills = victims.reduce((sum, victim) => sum + victim.kills, 0);
      const lost = [...committed.keys()].filter((id) => !arrived.has(id));
      const unwanted = [...arrived.keys()].filter((id) => !committed.has(id));
      say(
        `${committed.size} committed, ${rolledBack.size} rolled back, relays killed ${kills} times: ` +
          `${arrived.size} arrived in ${copies} copies, lost ${lost.length}, not committed ${unwanted.length}`,
      );
      expect(committed.size + rolledBack.size).toBe(TRANSACTIONS);
      expect(rolledBack.size).toBe(Math.ceil(TRANSACTIONS / 3));
      expect(lost).toEqual([]);
      expect(unwanted).toEqual([]);
      expect(kills).toBeGreaterThan(2);
      expect(disordered(arrived, committed)).toEqual([]);
    } finally {
      await Promise.all(victims.map((victim) => victim.stop()));
      await transport.close();
      await source.destroy();
      await servers.stop();
    }
  },
);

/** Events that arrived after a later change of the same order. */
function disordered(arrived: ReadonlyMap<string, number>, committed: ReadonlyMap<string, Change>): readonly string[] {
  const latest = new Map<string, number>();
  return [...arrived.keys()].filter((id) => {
    const { order, number } = committed.get(id) ?? { order: '', number: 0 };
    const isLate = number <= (latest.get(order) ?? 0);
    latest.set(order, number);
    return isLate;
  });
}
