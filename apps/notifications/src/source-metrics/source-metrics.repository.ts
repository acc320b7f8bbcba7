import { Injectable } from '@nestjs/common';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** What came from a source within an hour. */
export interface SourceHour {
  readonly hour: string;
  readonly received: number;
  readonly matched: number;
  readonly suppressed: number;
  readonly deliveries: number;
}

interface HourRow {
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

  /** The last so many hours, the present one among them, oldest first; hours without events are left out. */
  async lastHours(instanceId: string, sourceId: string, hours: number): Promise<readonly SourceHour[]> {
    const { rows } = await this.database.pool.query<HourRow>(
      `SELECT hour, sum(received) AS received, sum(matched) AS matched, sum(suppressed) AS suppressed,
        sum(deliveries) AS deliveries
      FROM notifications.source_count
      WHERE instance_id = $1 AND source_id = $2 AND hour > now() - $3 * interval '1 hour'
      GROUP BY hour ORDER BY hour`,
      [instanceId, sourceId, hours],
    );
    return rows.map(({ hour, received, matched, suppressed, deliveries }) => ({
      hour: hour.toISOString(),
      received: Number(received),
      matched: Number(matched),
      suppressed: Number(suppressed),
      deliveries: Number(deliveries),
    }));
  }
}
