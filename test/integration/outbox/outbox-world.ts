import { catalogue, type PayloadOf } from '@tidings/catalogue';
import { createDataSource, poolOf } from '@tidings/database';
import {
  createOutboxMigration,
  OutboxPublisher,
  OutboxRelay,
  type OutboxRelayOptions,
} from '@tidings/publishing/outbox';
import { decodeRecord, type IncomingRecord, MemoryTransport } from '@tidings/transport';
import type { Pool } from 'pg';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';

export const TYPE = 'com.waldur.customer_creation_succeeded';
export const PREFIX = 'team.';
export const PAYLOAD = catalogue.type(TYPE)!.example as unknown as PayloadOf<typeof TYPE>;
export const TOPIC = catalogue.type(TYPE)!.kafkaTopic;

const SCHEMA = 'team';

/** What a team's service keeps beside its events. */
class CreateOrders1700000600000 {
  name = 'CreateOrders1700000600000';

  async up(runner: { query(statement: string): Promise<unknown> }): Promise<void> {
    await runner.query('CREATE TABLE team.orders (id text PRIMARY KEY, changes int NOT NULL DEFAULT 0)');
  }

  async down(runner: { query(statement: string): Promise<unknown> }): Promise<void> {
    await runner.query('DROP TABLE team.orders');
  }
}

type TeamDatabase = Awaited<ReturnType<typeof createDataSource>>;

/** A team's database with an outbox, and a broker in memory. */
export class OutboxWorld {
  readonly publisher = new OutboxPublisher({ schema: SCHEMA });
  readonly transport = new MemoryTransport();
  private readonly relays: OutboxRelay[] = [];

  private constructor(
    readonly database: FreshDatabase,
    readonly source: TeamDatabase,
  ) {}

  static async create(databaseUrl: string): Promise<OutboxWorld> {
    const database = await freshDatabase(databaseUrl);
    const source = await createDataSource({
      url: database.url,
      applicationName: 'a-team',
      schema: SCHEMA,
      migrations: [createOutboxMigration({ schema: SCHEMA }), CreateOrders1700000600000],
      poolSize: 12,
    });
    const world = new OutboxWorld(database, source);
    await world.transport.ensureTopics([{ kafkaTopic: PREFIX + TOPIC, partitions: 3, replicationFactor: 1 }]);
    return world;
  }

  get pool(): Pool {
    return poolOf(this.source);
  }

  /** A relay that does not look by itself: what it does, it was woken for. */
  async relay(options: Partial<OutboxRelayOptions> = {}): Promise<OutboxRelay> {
    const relay = new OutboxRelay({
      schema: SCHEMA,
      database: { connectionString: this.database.url },
      publisher: await this.transport.createPublisher(),
      prefix: PREFIX,
      pollMs: 3_600_000,
      deadlineMs: 300,
      ...options,
    });
    this.relays.push(relay);
    relay.start();
    return relay;
  }

  /** The ids that are on Kafka, with what they are about, partition by partition. */
  sent(): readonly { readonly id: string; readonly subject: string | undefined }[] {
    return this.transport.records(PREFIX + TOPIC).map((record) => {
      const { id, subject } = this.decoded(record);
      return { id, subject };
    });
  }

  decoded(record: IncomingRecord) {
    const decoded = decodeRecord(record);
    if (decoded.kind !== 'event') throw new Error('that is no event');
    return { ...decoded.event, data: JSON.parse(decoded.data.toString()) as unknown };
  }

  async rows(): Promise<number> {
    const { rows } = await this.pool.query<{ rows: number }>('SELECT count(*)::int AS rows FROM team.outbox');
    return rows[0]?.rows ?? -1;
  }

  async close(): Promise<void> {
    await Promise.all(this.relays.map((relay) => relay.stop()));
    await this.transport.close();
    await this.source.destroy();
    await this.database.drop();
  }
}
