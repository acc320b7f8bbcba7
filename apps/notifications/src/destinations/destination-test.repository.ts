import { Injectable } from '@nestjs/common';
import { DELIVERIES_CHANNEL } from '../delivery/deliveries-channel.js';
import { NO_SUBSCRIPTION } from '../delivery/test-delivery.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** An event that is made to see whether it arrives. */
export interface TestEvent {
  /** 32 hex digits. */
  readonly key: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  /** The CloudEvent in structured JSON. */
  readonly body: string;
}

/** Where a test goes. */
export interface TestTarget {
  readonly instanceId: string;
  readonly destinationId: string;
  readonly notificationId: string;
  readonly configurationVersion: bigint;
}

/** Hands tests of destinations to the dispatcher. */
@Injectable()
export class DestinationTestRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async insert(event: TestEvent, target: TestTarget): Promise<void> {
    const { key, id, type, source, subject, time, body } = event;
    await this.database.transaction(async (client) => {
      await client.query(
        `INSERT INTO notifications.event (key, id, type, source, subject, time, kafka_key, body)
        VALUES ($1, $2, $3, $4, $5, $6, $5, $7)`,
        [key, id, type, source, subject, time, body],
      );
      await client.query(
        `INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
          notification_id, configuration_version) VALUES ($1, $2, $3, $4, $5, $4, $1, $6)`,
        [
          target.notificationId,
          target.instanceId,
          key,
          NO_SUBSCRIPTION,
          target.destinationId,
          String(target.configurationVersion),
        ],
      );
      await client.query('SELECT pg_notify($1, $2)', [DELIVERIES_CHANNEL, '']);
    });
  }
}
