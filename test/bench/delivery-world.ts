import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { AUTHORIZATION } from './world.js';

const API = '/event-notifications/v1/instances/default';

/** A destination and a subscription to it. */
export interface Recipient {
  readonly destinationId: string;
  readonly subscriptionId: string;
  readonly topicId: string;
}

/** A notification app as an admin configures it, and its table of deliveries. */
export class DeliveryWorld {
  readonly pool: Pool;

  constructor(
    private readonly url: string,
    databaseUrl: string,
  ) {
    this.pool = new Pool({ connectionString: databaseUrl, max: 4 });
  }

  /** Asks the API. @throws {Error} where it refuses */
  async ask<T = { id: string }>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${API}${path}`, {
      method,
      headers: { ...AUTHORIZATION, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** A topic that takes nothing: what is delivered is put into the table. */
  async emptyTopic(): Promise<string> {
    return (await this.ask('POST', '/topics', { name: randomUUID(), sources: [] })).id;
  }

  /** A topic that takes everything of a system. */
  async topic(system: string): Promise<string> {
    const { sources } = await this.ask<{ sources: { id: string; type: string }[] }>('GET', '/sources?limit=100');
    const source = sources.find(({ type }) => type === `${system}-lifecycle-events`);
    if (source === undefined) throw new Error(`There is no source of ${system}`);
    const id = encodeURIComponent(source.id);
    await this.ask('PATCH', `/sources/${id}`, { enabled: true });
    const topic = await this.ask('POST', '/topics', { name: randomUUID(), sources: [{ id: source.id, rules: [] }] });
    return topic.id;
  }

  /** A webhook that is signed. */
  async recipient(topicId: string, url: string): Promise<Recipient> {
    const params = { url, verb: 'post', custom_headers: {}, sensitive_headers: [] };
    return this.subscribed(topicId, 'webhook', params, { signing_enabled: true });
  }

  async kafkaRecipient(topicId: string, endpoint: string, kafkaTopic: string): Promise<Recipient> {
    return this.subscribed(topicId, 'event_streams', { endpoint, topic: kafkaTopic }, {});
  }

  private async subscribed(topicId: string, type: string, params: object, attributes: object): Promise<Recipient> {
    const destination = await this.ask('POST', '/destinations', { name: randomUUID(), type, config: { params } });
    const subscription = await this.ask('POST', '/subscriptions', {
      name: randomUUID(),
      destination_id: destination.id,
      topic_id: topicId,
      attributes,
    });
    return { destinationId: destination.id, subscriptionId: subscription.id, topicId };
  }

  async enable(recipients: readonly Recipient[], enabled: boolean): Promise<void> {
    for (const { destinationId } of recipients) await this.ask('PATCH', `/destinations/${destinationId}`, { enabled });
  }

  /** Puts deliveries of events of so many bytes there, as many for each recipient. */
  async queue(recipients: readonly Recipient[], count: number, bytes: number): Promise<void> {
    await this.pool.query(
      `WITH event AS (
        INSERT INTO notifications.event (key, id, type, source, time, body)
        SELECT gen_random_uuid(), gen_random_uuid(), 'bench', '/waldur/bench', now(),
          '{"specversion":"1.0","id":"' || n || '","source":"/waldur/bench","type":"bench","time":"2026-11-02T08:01:53Z","data":"' || repeat('x', $2 - 120) || '"}'
        FROM generate_series(1, $1::integer) AS n RETURNING key
      )
      INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
        notification_id, configuration_version)
      SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
          || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
        (SELECT id FROM notifications.instance WHERE is_default), key, subscription, destination, topic,
        gen_random_uuid(), 1
      FROM event, unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS recipient (subscription, destination, topic)`,
      [
        count,
        bytes,
        recipients.map(({ subscriptionId }) => subscriptionId),
        recipients.map(({ destinationId }) => destinationId),
        recipients.map(({ topicId }) => topicId),
      ],
    );
    await this.pool.query('VACUUM ANALYZE notifications.delivery, notifications.event');
  }

  async count(state: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM notifications.delivery WHERE state = $1',
      [state],
    );
    return rows[0]?.count ?? 0;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
