import { Injectable } from '@nestjs/common';
import { NotificationsDatabase } from '../notifications-database.store.js';
import type { RoutedDelivery } from './routing.dto.js';

/** Reads what became of an event. */
@Injectable()
export class RoutedDeliveryRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /** @param eventKey its identity, 32 hex digits */
  async ofEvent(instanceId: string, eventKey: string): Promise<RoutedDelivery[]> {
    const { rows } = await this.database.pool.query<
      Omit<RoutedDelivery, 'configuration_version' | 'created_at'> & {
        readonly configuration_version: string;
        readonly created_at: Date;
      }
    >(
      `SELECT id, subscription_id, topic_id, destination_id, notification_id, configuration_version,
        CASE state WHEN 'leased' THEN 'waiting' ELSE state END AS state, attempts, created_at
      FROM notifications.delivery WHERE event_key = $1 AND instance_id = $2 ORDER BY id LIMIT 1000`,
      [eventKey, instanceId],
    );
    return rows.map((row) => ({
      ...row,
      configuration_version: Number(row.configuration_version),
      created_at: row.created_at.toISOString(),
    }));
  }
}
