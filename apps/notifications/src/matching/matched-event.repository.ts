import { Injectable } from '@nestjs/common';
import { DELIVERIES_CHANNEL } from '../delivery/deliveries-channel.js';
import { ORDERED_TYPES } from '../destination-types/destination-types.js';
import { NotificationsDatabase } from '../notifications-database.store.js';
import type { BatchLoad } from './batch-load.js';
import { KEEP_EVENTS, keptEventValues } from './kept-event.js';

/** Order keys are not negative: claims go through them from 0 on. */
const HASH_BITS = "x'7fffffffffffffff'::bigint";

// One statement is one transaction and one round trip. Rows are in the order of their keys, so that two batches never
// wait for each other; what has to stay in the order of the batch has a place for that. Whoever delivers is woken when
// the rows can be seen, and only if there are new ones.
const STORE = `
  WITH ${KEEP_EVENTS}, taken AS (
    SELECT * FROM unnest($9::uuid[], $10::uuid[], $11::uuid[], $12::text[], $13::uuid[], $14::uuid[], $15::uuid[],
      $16::uuid[], $24::integer[]) WITH ORDINALITY
      AS d (id, event_key, instance_id, source_id, topic_id, subscription_id, destination_id, notification_id, event_at,
        number)
  ), ordered AS MATERIALIZED (
    SELECT id FROM notifications.destination WHERE type = ANY($25::text[])
  ), added AS (
    INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
      notification_id, configuration_version, order_key, place)
    SELECT id, instance_id, event_key, subscription_id, destination_id, topic_id, notification_id, $17::bigint,
      CASE WHEN is_ordered THEN hashtextextended(coalesce(($7::text[])[event_at], id::text), 0) & ${HASH_BITS} END,
      CASE WHEN is_ordered THEN (SELECT nextval('notifications.delivery_place')) + number END
    FROM (SELECT *, destination_id IN (SELECT id FROM ordered) AS is_ordered FROM taken) AS placed
    ORDER BY event_key, subscription_id
    ON CONFLICT (event_key, subscription_id, replay_id) DO NOTHING
    RETURNING id
  ), added_by_source AS (
    SELECT instance_id, source_id, count(*) AS deliveries FROM added JOIN taken USING (id) GROUP BY 1, 2
  ), counted AS (
    INSERT INTO notifications.source_count AS c (instance_id, source_id, hour, slot, received, matched, suppressed,
      deliveries, last_at)
    SELECT instance_id, source_id, date_trunc('hour', now(), 'UTC'), $18::smallint, received, matched, suppressed,
      coalesce(deliveries, 0), now()
    FROM unnest($19::uuid[], $20::text[], $21::bigint[], $22::bigint[], $23::bigint[])
      AS s (instance_id, source_id, received, matched, suppressed)
      LEFT JOIN added_by_source USING (instance_id, source_id)
    ORDER BY instance_id, source_id
    ON CONFLICT (instance_id, source_id, hour, slot) DO UPDATE SET received = c.received + excluded.received,
      matched = c.matched + excluded.matched, suppressed = c.suppressed + excluded.suppressed,
      deliveries = c.deliveries + excluded.deliveries, last_at = excluded.last_at
  )
  SELECT deliveries, pg_notify('${DELIVERIES_CHANNEL}', '')
  FROM (SELECT count(*) AS deliveries FROM added) total WHERE deliveries > 0`;

/** Writes what batches come down to. */
@Injectable()
export class MatchedEventRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /**
   * Stores events, deliveries and counts in one transaction; what is there already stays as it is.
   * @param slot spreads the counts; the same for all batches that come one after another anyhow
   * @returns how many deliveries are new
   */
  async store({ events, counts, configurationVersion }: BatchLoad, slot: number): Promise<number> {
    const deliveries = events.flatMap((event, index) =>
      event.deliveries.map((delivery) => ({ ...delivery, key: event.key, eventAt: index + 1 })),
    );
    const { rows } = await this.database.pool.query<{ deliveries: string }>({
      name: 'store-matched-events',
      text: STORE,
      values: [
        ...keptEventValues(events),
        deliveries.map(({ id }) => id),
        deliveries.map(({ key }) => key),
        deliveries.map(({ instanceId }) => instanceId),
        deliveries.map(({ sourceId }) => sourceId),
        deliveries.map(({ topicId }) => topicId),
        deliveries.map(({ subscriptionId }) => subscriptionId),
        deliveries.map(({ destinationId }) => destinationId),
        deliveries.map(({ notificationId }) => notificationId),
        String(configurationVersion),
        slot,
        counts.map(({ instanceId }) => instanceId),
        counts.map(({ sourceId }) => sourceId),
        counts.map(({ received }) => received),
        counts.map(({ matched }) => matched),
        counts.map(({ suppressed }) => suppressed),
        deliveries.map(({ eventAt }) => eventAt),
        ORDERED_TYPES,
      ],
    });
    return Number(rows[0]?.deliveries ?? 0);
  }
}
