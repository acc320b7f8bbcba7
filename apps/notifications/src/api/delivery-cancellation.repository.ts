import { Injectable } from '@nestjs/common';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** To whom deliveries were going. */
interface Recipient {
  readonly id: string;
  readonly destination_id: string;
}

/** So many at a time: nobody else waits long for the rows. */
const BATCH = 5_000;

/**
 * Ends deliveries whose subscription or destination is gone, after the change that took it away: so lists tell the truth
 * at once. What slips through, for a matcher may be a moment behind, the dispatcher and its housekeeping end.
 */
@Injectable()
export class DeliveryCancellation {
  constructor(private readonly database: NotificationsDatabase) {}

  async ofSubscriptions(subscriptions: readonly Recipient[]): Promise<void> {
    if (subscriptions.length === 0) return;
    await this.cancel('destination_id = ANY($1::uuid[]) AND subscription_id = ANY($2::uuid[])', [
      [...new Set(subscriptions.map(({ destination_id }) => destination_id))],
      subscriptions.map(({ id }) => id),
    ]);
  }

  async ofDestination(id: string): Promise<void> {
    await this.cancel('destination_id = $1', [id]);
  }

  async ofInstance(id: string): Promise<void> {
    await this.cancel('instance_id = $1', [id]);
  }

  private async cancel(condition: string, values: readonly unknown[]): Promise<void> {
    for (;;) {
      const { rowCount } = await this.database.pool.query(
        `UPDATE notifications.delivery SET state = 'cancelled', ended_at = now() WHERE id IN (
          SELECT id FROM notifications.delivery WHERE state = 'waiting' AND ${condition}
          LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
        )`,
        [...values],
      );
      if ((rowCount ?? 0) < BATCH) return;
    }
  }
}
