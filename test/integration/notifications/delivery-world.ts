import { randomBytes, randomUUID } from 'node:crypto';
import {
  ConfigurationStore,
  ConfigurationWatch,
  type DeliveryParts,
  NotificationsDatabase,
  RunningDelivery,
  SecretBox,
} from '@tidings/notifications';
import { OutboundGuard } from '@tidings/outbound';
import { parseEnvironment } from '@tidings/runtime';
import type { Pool } from 'pg';
import { freshDatabase } from '../../harness/fresh-database.js';

export const KEY = Buffer.alloc(32, 7).toString('base64');

export interface DestinationOptions {
  readonly url: string;
  readonly verb?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signingSecrets?: readonly string[];
  readonly schedule?: readonly number[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Whom deliveries are for. */
export interface Recipient {
  readonly destinationId: string;
  readonly subscriptionId: string;
}

/** The dispatcher over a database of its own, with what it delivers put there directly. */
export class DeliveryWorld {
  readonly disabled: string[][] = [];
  readonly reports: string[] = [];
  readonly instanceId = randomUUID();
  readonly topicId = randomUUID();
  private readonly box = new SecretBox(KEY);
  private readonly running = new Set<RunningDelivery>();
  private sequence = 0;

  private constructor(
    readonly databaseUrl: string,
    private readonly database: NotificationsDatabase,
    readonly configuration: ConfigurationWatch,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(serverUrl: string): Promise<DeliveryWorld> {
    const { url, drop } = await freshDatabase(serverUrl);
    const environment = parseEnvironment({ TIDINGS_APP: 'notifications', DATABASE_URL: url });
    const database = await NotificationsDatabase.open(environment);
    const configuration = await ConfigurationWatch.start(new ConfigurationStore(database));
    const world = new DeliveryWorld(url, database, configuration, drop);
    await world.pool.query('INSERT INTO notifications.instance (id, name, scopes) VALUES ($1, $2, $3)', [
      world.instanceId,
      'test',
      ['*'],
    ]);
    await world.pool.query('INSERT INTO notifications.topic (id, instance_id, name) VALUES ($1, $2, $3)', [
      world.topicId,
      world.instanceId,
      'test',
    ]);
    return world;
  }

  get pool(): Pool {
    return this.database.pool;
  }

  /** A destination and a subscription to it. */
  async recipient(options: DestinationOptions): Promise<Recipient> {
    const { url, verb = 'post', headers = {}, signingSecrets = [], schedule, attributes = {} } = options;
    const destinationId = randomUUID();
    const subscriptionId = randomUUID();
    const seal = (secret: string | undefined): Buffer | null =>
      secret === undefined ? null : this.box.seal(secret, `destination:${destinationId}:signing`);
    await this.pool.query(
      `INSERT INTO notifications.destination (id, instance_id, name, type, config, secrets, signing_secret,
        former_signing_secret, former_signing_secret_ends_at, retry_schedule_seconds)
      VALUES ($1, $2, $3, 'webhook', $4, $5, $6, $7, now() + interval '1 day', $8)`,
      [
        destinationId,
        this.instanceId,
        destinationId,
        { url, verb, custom_headers: {}, sensitive_headers: Object.keys(headers) },
        this.box.seal(JSON.stringify({ custom_headers: headers }), `destination:${destinationId}:config`),
        seal(signingSecrets[0]),
        seal(signingSecrets[1]),
        schedule ?? null,
      ],
    );
    await this.pool.query(
      `INSERT INTO notifications.subscription (id, instance_id, name, topic_id, destination_id, attributes)
      VALUES ($1, $2, $3, $4, $5, $6)`,
      [subscriptionId, this.instanceId, subscriptionId, this.topicId, destinationId, attributes],
    );
    await this.configured();
    return { destinationId, subscriptionId };
  }

  /** @returns its id */
  async template(body: string): Promise<string> {
    const id = randomUUID();
    await this.pool.query(
      `INSERT INTO notifications.template (id, instance_id, name, type, body)
      VALUES ($1, $2, $3, 'webhook.notification', $4)`,
      [id, this.instanceId, id, body],
    );
    await this.configured();
    return id;
  }

  /** Raises the version, as every change does. */
  async configured(): Promise<void> {
    await this.pool.query('UPDATE notifications.configuration SET version = version + 1');
    await this.configuration.refresh();
  }

  /** Puts so many deliveries there, as the matcher does. @returns their ids */
  async queue(recipients: readonly Recipient[], count: number, data: object = { message: 'hello' }): Promise<string[]> {
    const first = this.sequence;
    this.sequence += count;
    const bodies = Array.from({ length: count }, (_, index) =>
      JSON.stringify({ specversion: '1.0', id: `e${first + index}`, source: '/test/main', type: 'test', data }),
    );
    const { rows } = await this.pool.query<{ id: string }>(
      `WITH event AS (
        INSERT INTO notifications.event (key, id, type, source, time, body)
        SELECT gen_random_uuid(), gen_random_uuid(), 'test', '/test/main', now(), body FROM unnest($1::text[]) AS body
        RETURNING key
      ), told AS (SELECT pg_notify('tidings_deliveries', ''))
      INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
        notification_id, configuration_version)
      SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
          || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
        $2, key, subscription, destination, $3, gen_random_uuid(), 1
      FROM event, unnest($4::uuid[], $5::uuid[]) AS recipient (subscription, destination), told
      RETURNING id`,
      [
        bodies,
        this.instanceId,
        this.topicId,
        recipients.map(({ subscriptionId }) => subscriptionId),
        recipients.map(({ destinationId }) => destinationId),
      ],
    );
    return rows.map(({ id }) => id);
  }

  /** A dispatcher in this process. */
  start(options: Pick<Partial<DeliveryParts>, 'pool' | 'attemptMs' | 'outbound'> = {}): RunningDelivery {
    const delivery = new RunningDelivery({
      pool: this.pool,
      configuration: this.configuration,
      secretBox: this.box,
      outbound: new OutboundGuard(['127.0.0.0/8']),
      notices: {
        start: () => undefined,
        disable: (...what) => {
          this.disabled.push(what);
          return Promise.resolve();
        },
        stop: () => Promise.resolve(),
      },
      keepDays: 30,
      report: (message) => void this.reports.push(message),
      ...options,
    });
    this.running.add(delivery);
    delivery.start();
    return delivery;
  }

  async stop(delivery: RunningDelivery): Promise<void> {
    this.running.delete(delivery);
    await delivery.stop();
  }

  /** How many deliveries are in each state. */
  async states(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.pool.query<{ state: string; count: number }>(
      'SELECT state, count(*)::integer AS count FROM notifications.delivery GROUP BY state',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** A delivery as it is, with the seconds until it is due. */
  async delivery(id: string): Promise<{ state: string; attempts: number; pause: number; last_status: string | null }> {
    const { rows } = await this.pool.query<{
      state: string;
      attempts: number;
      pause: number;
      last_status: string | null;
    }>(
      `SELECT state, attempts, last_status, extract(epoch FROM next_attempt_at - now())::float8 AS pause
      FROM notifications.delivery WHERE id = $1`,
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`There is no delivery ${id}`);
    return row;
  }

  async close(): Promise<void> {
    for (const delivery of this.running) await this.stop(delivery);
    await this.configuration.onApplicationShutdown();
    await this.database.onApplicationShutdown();
    await this.drop();
  }
}

/** A secret as Standard Webhooks writes it. */
export function signingSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}
