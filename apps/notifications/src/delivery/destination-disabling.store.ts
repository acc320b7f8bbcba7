import { changeConfiguration } from '../configuration/configuration-changes.store.js';
import type { NotificationsDatabase } from '../notifications-database.store.js';

/** Who it was, in the audit log. */
const ACTOR = { id: 'dispatcher', name: 'The dispatcher' };

/** A destination that was disabled, of which the operator has not been told. */
export interface DisabledNotice {
  readonly destinationId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly reason: string;
  readonly lastStatus: string | null;
  readonly disabledAt: Date;
}

/** Somebody else disabled it, or took it away. */
class NothingToDisable extends Error {}

/** Disables destinations, and keeps who has to be told of it. */
export class DestinationDisabling {
  constructor(private readonly database: NotificationsDatabase) {}

  /** @returns whether it was enabled until now */
  async disable(destinationId: string, reason: string, lastStatus: string): Promise<boolean> {
    try {
      await changeConfiguration(this.database, ACTOR, async (change) => {
        const { client } = change;
        const { rows } = await client.query<{ instance_id: string; name: string }>(
          `UPDATE notifications.destination
          SET enabled = false, disabled_at = now(), disabled_reason = $2, updated_at = now()
          WHERE id = $1 AND enabled RETURNING instance_id, name`,
          [destinationId, reason],
        );
        const [row] = rows;
        // Rolled back: a version that changes nothing would have every process load all of it.
        if (row === undefined) throw new NothingToDisable();
        await client.query(
          `INSERT INTO notifications.disabled_destination_notice (destination_id, instance_id, name, reason, last_status)
          VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (destination_id) DO UPDATE SET reason = $4, last_status = $5, disabled_at = now()`,
          [destinationId, row.instance_id, row.name, reason, lastStatus],
        );
        await client.query('DELETE FROM notifications.destination_failure WHERE destination_id = $1', [destinationId]);
        await change.audit({
          action: 'destination.disable',
          subject: `destination:${destinationId}`,
          before: { enabled: true },
          after: { enabled: false, reason },
        });
      });
      return true;
    } catch (error) {
      if (error instanceof NothingToDisable) return false;
      throw error;
    }
  }

  /**
   * Hands over what the operator has not been told, and forgets it when that is through.
   * @param tell rejects where it cannot be told now; then it is handed over again another time
   */
  async tellAll(tell: (notices: readonly DisabledNotice[]) => Promise<void>): Promise<void> {
    await this.database.transaction(async (client) => {
      const { rows } = await client.query<DisabledNotice>(
        `SELECT destination_id AS "destinationId", instance_id AS "instanceId", name, reason,
          last_status AS "lastStatus", disabled_at AS "disabledAt"
        FROM notifications.disabled_destination_notice LIMIT 100 FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return;
      await tell(rows);
      await client.query(
        'DELETE FROM notifications.disabled_destination_notice WHERE destination_id = ANY($1::uuid[])',
        [rows.map(({ destinationId }) => destinationId)],
      );
    });
  }
}
