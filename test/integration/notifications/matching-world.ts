import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { NotificationsModule, startMatching } from '@tidings/notifications';
import { createHttpApplication, EnvironmentModule, listen, parseEnvironment } from '@tidings/runtime';
import {
  encodeEvent,
  KafkaTransport,
  lifecycleTopics,
  type OutgoingRecord,
  type RecordPublisher,
} from '@tidings/transport';
import { Pool } from 'pg';
import { freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';
import type { Servers } from '../api-world.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
export const AUTHORIZATION = { authorization: `Bearer ${TOKEN}` };

export interface DeliveryRow {
  readonly id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly instance_id: string;
  readonly notification_id: string;
  readonly configuration_version: string;
  readonly body: string;
}

export interface CountRow {
  readonly received: number;
  readonly matched: number;
  readonly suppressed: number;
  readonly deliveries: number;
}

/** An instance with everything of one source on its way to one subscription. */
export interface Route {
  readonly instanceId: string;
  readonly sourceId: string;
  readonly topicId: string;
  readonly destinationId: string;
  readonly subscriptionId: string;
}

interface EventDraft {
  readonly id?: string;
  readonly type: string;
  readonly source?: string;
  readonly subject?: string;
  readonly data?: unknown;
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Matchers in this process, over a database and kafkaTopics of their own. */
export class MatchingWorld {
  private readonly running: INestApplication[] = [];
  private readonly serverPools: Pool[] = [];
  private url = '';
  readonly failures: Error[] = [];

  private constructor(
    readonly prefix: string,
    readonly databaseUrl: string,
    readonly pool: Pool,
    private readonly servers: Servers,
    private readonly transport: KafkaTransport,
    private readonly publisher: RecordPublisher,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(servers: Servers): Promise<MatchingWorld> {
    const database = await freshDatabase(servers.databaseUrl);
    const prefix = freshPrefix();
    const transport = new KafkaTransport({ brokers: servers.brokers.split(','), clientId: 'matching-test' });
    const settings = { prefix, partitions: 2, replicationFactor: 1, retentionHours: 1, maxEventBytes: 1 << 20 };
    await transport.ensureTopics(lifecycleTopics(catalogue, settings));
    const pool = new Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    const publisher = await transport.createPublisher();
    return new MatchingWorld(prefix, database.url, pool, servers, transport, publisher, () => database.drop());
  }

  /** Starts a process's worth of the app. @returns its URL */
  async start(roles: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const environment = parseEnvironment({
      TIDINGS_APP: 'notifications',
      TIDINGS_ROLES: roles,
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      TIDINGS_PREFIX: this.prefix,
      KAFKA_BROKERS: this.servers.brokers,
      KAFKA_PARTITIONS: '2',
      DATABASE_URL: this.databaseUrl,
      PORT: '0',
      ...env,
    });
    const app = await createHttpApplication(
      {
        module: class MatchingTestProcess {},
        imports: [EnvironmentModule.forRoot(environment), NotificationsModule.forRoot(environment)],
      },
      { log: () => undefined, warn: () => undefined, error: () => undefined },
    );
    this.running.push(app);
    if (roles.includes('match')) await startMatching(app, (error) => this.failures.push(error));
    this.url = await listen(app, environment);
    return this.url;
  }

  /** What the process that was started last says of itself. */
  async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/health/ready`)).ok;
  }

  /** Connects to the server's own database, from which this world's can be shut off. */
  serverPool(): Pool {
    const pool = new Pool({ connectionString: this.servers.databaseUrl });
    this.serverPools.push(pool);
    return pool;
  }

  /** Stops the process that was started last. */
  async stopLast(): Promise<void> {
    await this.running.pop()?.close();
  }

  async close(): Promise<void> {
    while (this.running.length > 0) await this.stopLast();
    await this.transport.close();
    await Promise.all([this.pool, ...this.serverPools].map((pool) => pool.end()));
    await this.drop();
    if (this.failures[0] !== undefined) throw this.failures[0];
  }

  /** Makes an instance that sees all, with one enabled source, a topic and a subscription. Needs a migrated database. */
  async route(
    system: string,
    { scopes = ['*'], enabled = true, rules = [] as readonly string[] } = {},
  ): Promise<Route> {
    const instanceId = randomUUID();
    const route: Route = {
      instanceId,
      sourceId: `crn:v1:tidings:public:event-notifications:global:a/tidings:${instanceId}:source:${system}`,
      topicId: randomUUID(),
      destinationId: randomUUID(),
      subscriptionId: randomUUID(),
    };
    const { sourceId, topicId, destinationId, subscriptionId } = route;
    const version = await this.change(async (query) => {
      await query('INSERT INTO notifications.instance (id, name, scopes) VALUES ($1, $2, $3)', [
        instanceId,
        instanceId,
        scopes,
      ]);
      await query(
        `INSERT INTO notifications.source (instance_id, id, system, name, type, enabled)
        VALUES ($1, $2, $3, $3, 'test', $4)`,
        [instanceId, sourceId, system, enabled],
      );
      await query(`INSERT INTO notifications.topic (id, instance_id, name) VALUES ($1, $2, 'topic')`, [
        topicId,
        instanceId,
      ]);
      await query(
        'INSERT INTO notifications.topic_source (topic_id, instance_id, source_id, position) VALUES ($1, $2, $3, 0)',
        [topicId, instanceId, sourceId],
      );
      for (const [position, filter] of rules.entries()) {
        await query(
          `INSERT INTO notifications.rule (id, topic_id, source_id, position, enabled, event_type_filter,
            notification_filter) VALUES (gen_random_uuid(), $1, $2, $3, true, $4, '$.*')`,
          [topicId, sourceId, position, filter],
        );
      }
      await query(
        `INSERT INTO notifications.destination (id, instance_id, name, type, config)
        VALUES ($1, $2, 'destination', 'webhook', '{}')`,
        [destinationId, instanceId],
      );
      await query(
        `INSERT INTO notifications.subscription (id, instance_id, name, topic_id, destination_id, attributes)
        VALUES ($1, $2, 'subscription', $3, $4, '{}')`,
        [subscriptionId, instanceId, topicId, destinationId],
      );
    });
    await this.matchesBy(version);
    return route;
  }

  /** Waits until the process that was started last matches by that version of the configuration, or a later one. */
  async matchesBy(version: bigint): Promise<void> {
    await until(async () => {
      const metrics = await (await fetch(`${this.url}/metrics`, { headers: AUTHORIZATION })).text();
      const [, shown] = /^tidings_matching_configuration_version (\d+)$/m.exec(metrics) ?? [];
      return shown !== undefined && BigInt(shown) >= version;
    });
  }

  /** Changes the configuration as the API does. @returns its new version */
  async change(
    work: (query: (text: string, values?: unknown[]) => Promise<unknown>) => Promise<unknown>,
  ): Promise<bigint> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ version: string }>(
        'UPDATE notifications.configuration SET version = version + 1 RETURNING version',
      );
      await work((text, values) => client.query(text, values));
      const version = rows[0]?.version ?? '0';
      await client.query('SELECT pg_notify($1, $2)', ['tidings_configuration', version]);
      await client.query('COMMIT');
      return BigInt(version);
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  async enable({ instanceId, sourceId }: Route, enabled: boolean): Promise<bigint> {
    return this.change((query) =>
      query('UPDATE notifications.source SET enabled = $3 WHERE instance_id = $1 AND id = $2', [
        instanceId,
        sourceId,
        enabled,
      ]),
    );
  }

  /** As a system's own events come from the gateway, so that any payload goes. */
  record({ id = randomUUID(), type, source, subject, data = {}, extensions }: EventDraft): OutgoingRecord {
    const reader = catalogue.type(type);
    const kafkaTopic = `${this.prefix}${reader?.kafkaTopic ?? 'lifecycle.api.uncatalogued'}`;
    const event = {
      id,
      type,
      source: source ?? `/${reader?.system ?? 'api'}/main`,
      time: new Date().toISOString(),
      ...(subject !== undefined && { subject }),
      ...(extensions !== undefined && { extensions }),
    };
    return encodeEvent(kafkaTopic, event, JSON.stringify(data), 'native');
  }

  async publish(...drafts: readonly EventDraft[]): Promise<void> {
    await this.send(drafts.map((draft) => this.record(draft)));
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    await this.publisher.publish(records);
  }

  /** The deliveries of a subscription, with the `id` of their events. */
  async deliveries({ subscriptionId }: Route): Promise<readonly DeliveryRow[]> {
    const { rows } = await this.pool.query<DeliveryRow>(
      `SELECT d.id, e.body::json ->> 'id' AS event_id, d.subscription_id, d.instance_id, d.notification_id,
        d.configuration_version, e.body
      FROM notifications.delivery d JOIN notifications.event e ON e.key = d.event_key
      WHERE d.subscription_id = $1 ORDER BY d.id`,
      [subscriptionId],
    );
    return rows;
  }

  async counts({ instanceId, sourceId }: Route): Promise<CountRow> {
    const { rows } = await this.pool.query<CountRow>(
      `SELECT coalesce(sum(received), 0)::int AS received, coalesce(sum(matched), 0)::int AS matched,
        coalesce(sum(suppressed), 0)::int AS suppressed, coalesce(sum(deliveries), 0)::int AS deliveries
      FROM notifications.source_count WHERE instance_id = $1 AND source_id = $2`,
      [instanceId, sourceId],
    );
    return rows[0] ?? { received: 0, matched: 0, suppressed: 0, deliveries: 0 };
  }
}
