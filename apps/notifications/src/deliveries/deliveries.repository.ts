import { Injectable } from '@nestjs/common';
import { writeAudit, type Actor } from '@tidings/access';
import { DELIVERIES_CHANNEL } from '../delivery/deliveries-channel.js';
import { NotificationsDatabase } from '../notifications-database.store.js';
import type { DeliveryQuery } from './delivery.dto.js';

/** A delivery as it is kept, with what there is to say of its event. */
export interface StoredDelivery {
  readonly id: string;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly event_source: string | null;
  readonly subscription_id: string;
  readonly destination_id: string;
  readonly topic_id: string;
  readonly notification_id: string;
  readonly replay_id: string;
  readonly configuration_version: string;
  readonly state: 'waiting' | 'leased' | 'delivered' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly next_attempt_at: Date;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly last_status: string | null;
}

/** An attempt as it is kept. */
export interface StoredAttempt {
  readonly number: number;
  readonly at: Date;
  readonly latency_ms: number;
  readonly outcome: string;
  readonly status: string | null;
  readonly problem: string | null;
  readonly response_head: string | null;
}

const COLUMNS = `delivery.id, event.id AS event_id, event.type AS event_type, event.source AS event_source,
  subscription_id, destination_id, topic_id, notification_id, replay_id, configuration_version, state, attempts,
  next_attempt_at, created_at, ended_at, last_status`;
const FROM = 'notifications.delivery LEFT JOIN notifications.event ON event.key = delivery.event_key';
/** So many at a time: nobody else waits long for the rows. */
const BATCH = 5_000;

/** Deliveries as admins see them, and what they may do with them. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /** Newest first; one more than the limit where there are more. */
  async list(instanceId: string, filter: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    const values: unknown[] = [instanceId];
    const conditions = ['instance_id = $1'];
    const add = (condition: (parameter: string) => string, value: unknown): void => {
      if (value !== undefined) conditions.push(condition(`$${values.push(value)}`));
    };
    add((state) => `state = ${state}`, filter.state === 'delivering' ? 'leased' : filter.state);
    add((id) => `destination_id = ${id}`, filter.destination_id);
    add((id) => `subscription_id = ${id}`, filter.subscription_id);
    add((id) => `event_key IN (SELECT key FROM notifications.event WHERE id = ${id})`, filter.event_id);
    add((time) => `created_at >= ${time}`, filter.created_from);
    add((time) => `created_at < ${time}`, filter.created_to);
    add((id) => `delivery.id < ${id}`, filter.cursor);
    const { rows } = await this.database.pool.query<StoredDelivery>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE ${conditions.join(' AND ')}
      ORDER BY delivery.id DESC LIMIT $${values.push(filter.limit + 1)}`,
      values,
    );
    return rows;
  }

  async find(instanceId: string, id: string): Promise<StoredDelivery | undefined> {
    const { rows } = await this.database.pool.query<StoredDelivery>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE delivery.id = $2 AND instance_id = $1`,
      [instanceId, id],
    );
    return rows[0];
  }

  async attempts(id: string): Promise<readonly StoredAttempt[]> {
    const { rows } = await this.database.pool.query<StoredAttempt>(
      `SELECT number, at, latency_ms, outcome, status, problem, response_head FROM notifications.attempt
      WHERE delivery_id = $1 ORDER BY number`,
      [id],
    );
    return rows;
  }

  /**
   * Has a delivery made at once, from the beginning of its schedule.
   * @returns false where somebody is delivering it now, or its subscription is gone
   */
  async retry(instanceId: string, id: string, actor: Actor): Promise<boolean> {
    return this.database.transaction(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE notifications.delivery
        SET state = 'waiting', next_attempt_at = now(), attempts_before = attempts, ended_at = NULL
        WHERE id = $2 AND instance_id = $1 AND state <> 'leased'
          AND subscription_id IN (SELECT id FROM notifications.subscription)`,
        [instanceId, id],
      );
      if (rowCount === 0) return false;
      await writeAudit(client, {
        actor: { id: actor.id, name: actor.name },
        action: 'delivery.retry',
        subject: `delivery:${id}`,
        after: { instance_id: instanceId },
      });
      await client.query('SELECT pg_notify($1, $2)', [DELIVERIES_CHANNEL, '']);
      return true;
    });
  }

  /**
   * Has all failed deliveries to a destination made again that were created since then.
   * @returns how many
   */
  async recover(instanceId: string, destinationId: string, since: Date, actor: Actor): Promise<number> {
    // Those that fail again meanwhile are not taken a second time.
    const { rows } = await this.database.pool.query<{ now: Date }>('SELECT now() AS now');
    const asked = rows[0]?.now ?? new Date();
    let recovered = 0;
    for (;;) {
      const { rowCount } = await this.database.pool.query(
        `UPDATE notifications.delivery
        SET state = 'waiting', next_attempt_at = now(), attempts_before = attempts, ended_at = NULL
        WHERE id IN (
          SELECT id FROM notifications.delivery
          WHERE destination_id = $2 AND state = 'failed' AND instance_id = $1 AND created_at >= $3 AND ended_at <= $4
            AND subscription_id IN (SELECT id FROM notifications.subscription)
          ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
        )`,
        [instanceId, destinationId, since, asked],
      );
      recovered += rowCount ?? 0;
      if ((rowCount ?? 0) < BATCH) break;
    }
    await this.database.transaction(async (client) => {
      await writeAudit(client, {
        actor: { id: actor.id, name: actor.name },
        action: 'destination.recover',
        subject: `destination:${destinationId}`,
        after: { instance_id: instanceId, since: since.toISOString(), recovered },
      });
      await client.query('SELECT pg_notify($1, $2)', [DELIVERIES_CHANNEL, '']);
    });
    return recovered;
  }

  async hasDestination(instanceId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'SELECT FROM notifications.destination WHERE id = $2 AND instance_id = $1',
      [instanceId, id],
    );
    return rowCount === 1;
  }
}
