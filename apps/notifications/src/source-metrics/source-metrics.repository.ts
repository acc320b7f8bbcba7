import { Injectable } from '@nestjs/common';
import { NotificationsDatabase } from '../notifications-database.store.js';
import type { SourceHour } from './source-metrics.dto.js';

/** The same of several sources. */
export interface CountedHour extends SourceHour {
  readonly sourceId: string;
}

interface HourRow {
  readonly source_id: string;
  readonly hour: Date;
  readonly received: string;
  readonly matched: string;
  readonly suppressed: string;
  readonly deliveries: string;
}

/** Reads the hourly counts of sources. */
@Injectable()
export class SourceMetricsRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /** Whether the instance has such a source. */
  async isKnown(instanceId: string, sourceId: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'SELECT FROM notifications.source WHERE instance_id = $1 AND id = $2',
      [instanceId, sourceId],
    );
    return rowCount === 1;
  }

  /**
   * The last so many hours, the present one among them, oldest first; hours without events are left out.
   * @param sourceId undefined: of all sources
   */
  async lastHours(instanceId: string, sourceId: string | undefined, hours: number): Promise<readonly CountedHour[]> {
    const { rows } = await this.database.pool.query<HourRow>(
      `SELECT source_id, hour, sum(received) AS received, sum(matched) AS matched, sum(suppressed) AS suppressed,
        sum(deliveries) AS deliveries
      FROM notifications.source_count
      WHERE instance_id = $1 AND ($2::text IS NULL OR source_id = $2) AND hour > now() - $3 * interval '1 hour'
      GROUP BY source_id, hour ORDER BY source_id, hour`,
      [instanceId, sourceId ?? null, hours],
    );
    return rows.map(({ source_id, hour, received, matched, suppressed, deliveries }) => ({
      sourceId: source_id,
      hour: hour.toISOString(),
      received: Number(received),
      matched: Number(matched),
      suppressed: Number(suppressed),
      deliveries: Number(deliveries),
    }));
  }

  /** Every source of the instance, with when its last event came; of older events only the hour is known. */
  async lastEvents(instanceId: string): Promise<readonly { readonly id: string; readonly lastEventAt: Date | null }[]> {
    const { rows } = await this.database.pool.query<{ id: string; last_at: Date | null }>(
      `SELECT id, (
        SELECT max(coalesce(last_at, hour)) FROM notifications.source_count
        WHERE instance_id = source.instance_id AND source_id = source.id AND hour = (
          SELECT max(hour) FROM notifications.source_count
          WHERE instance_id = source.instance_id AND source_id = source.id
        )
      ) AS last_at
      FROM notifications.source WHERE instance_id = $1 ORDER BY system IS NULL, created_at, id`,
      [instanceId],
    );
    return rows.map(({ id, last_at }) => ({ id, lastEventAt: last_at }));
  }
}
