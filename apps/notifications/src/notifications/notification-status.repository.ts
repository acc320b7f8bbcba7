import { Injectable } from '@nestjs/common';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** What became of one delivery of a notification. */
export interface NotificationDelivery {
  readonly state: 'waiting' | 'leased' | 'delivered' | 'failed' | 'cancelled';
  readonly last_status: string | null;
  /** Of the last attempt; null: there was none, or nothing was wrong. */
  readonly problem: string | null;
}

@Injectable()
export class NotificationStatusRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /** Those that are not through come first. */
  async deliveries(instanceId: string, notificationId: string): Promise<readonly NotificationDelivery[]> {
    const { rows } = await this.database.pool.query<NotificationDelivery>(
      `SELECT delivery.state, delivery.last_status, last_attempt.problem FROM notifications.delivery
      LEFT JOIN LATERAL (
        SELECT problem FROM notifications.attempt WHERE attempt.delivery_id = delivery.id ORDER BY number DESC LIMIT 1
      ) AS last_attempt ON true
      WHERE delivery.notification_id = $2 AND delivery.instance_id = $1
      ORDER BY array_position(ARRAY['failed', 'leased', 'waiting', 'cancelled', 'delivered'], delivery.state), delivery.id`,
      [instanceId, notificationId],
    );
    return rows;
  }
}
