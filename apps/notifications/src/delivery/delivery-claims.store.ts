import { randomInt, randomUUID } from 'node:crypto';
import { inTransaction } from '@tidings/database';
import type { Pool, PoolClient } from 'pg';
import type { ClaimBounds, ClaimedDelivery, DestinationRoom } from './claimed-delivery.js';
import { LEASE_SECONDS } from './claimed-delivery.js';

/** Entities that one claim looks at for one destination, twice: a claim costs the same however many of them wait. */
const MOST_ENTITIES = 1_000;
/** Deliveries of one entity in one claim. */
const LONGEST_RUN = 64;

/**
 * Bounds what is due by its bytes, leases it and reads the bodies, each event's once. A row is taken while those before
 * it have not used up the bytes, so that a single event of any size goes out. `due` has to have them in the order in
 * which they are to begin: `at`, from 1.
 */
const LEASE = `
  weighed AS (
    SELECT due.*, octet_length(event.body) AS bytes,
      row_number() OVER (PARTITION BY due.event_key ORDER BY at) = 1 AS is_first
    FROM due LEFT JOIN notifications.event ON event.key = due.event_key
  ), fitting AS (
    SELECT * FROM (
      SELECT id, at, bytes, lane_bytes,
        coalesce(sum(bytes) OVER (PARTITION BY destination_id ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
          0) AS lane_before,
        coalesce(sum(bytes) FILTER (WHERE is_first) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
          0) AS all_before
      FROM weighed
    ) AS summed WHERE lane_before < lane_bytes AND all_before < $3::bigint
  ), claimed AS (
    UPDATE notifications.delivery AS delivery
    SET state = 'leased', lease_token = $1::uuid, lease_until = now() + make_interval(secs => $2)
    FROM fitting WHERE delivery.id = fitting.id
    RETURNING delivery.*, fitting.at, fitting.bytes
  ), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY event_key ORDER BY at) = 1 AS is_first FROM claimed
  )
  SELECT numbered.id, numbered.instance_id, numbered.destination_id, numbered.subscription_id,
    numbered.notification_id, numbered.configuration_version, numbered.attempts, numbered.attempts_before,
    numbered.event_key, numbered.order_key, numbered.bytes, event.kafka_key,
    CASE WHEN numbered.is_first THEN event.body END AS body
  FROM numbered LEFT JOIN notifications.event ON event.key = numbered.event_key
  ORDER BY numbered.at`;

/**
 * For every destination with room, its own oldest due rows by the index: a claim costs the same however many wait, and
 * whoever claims at the same time takes the next ones. The call itself happens after this has committed.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT waiting.id, waiting.event_key, lane.destination_id, lane.bytes AS lane_bytes, row_number() OVER () AS at
    FROM unnest($4::uuid[], $5::integer[], $6::bigint[]) AS lane (destination_id, room, bytes)
    CROSS JOIN LATERAL (
      SELECT id, event_key, order_key FROM notifications.delivery
      WHERE destination_id = lane.destination_id AND state = 'waiting' AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED
    ) AS waiting
    WHERE waiting.order_key IS NULL
    LIMIT $7
  ), ${LEASE}`;

/**
 * The same where the order of each entity is kept: an entity is free when its first row that has not ended is waiting and
 * due; then it and those right behind it are taken, up to the first that is leased or not due. Entities are gone through
 * by the index, one row each, from anywhere to the end and from the beginning to there: what waits behind a failing one
 * costs nothing, and where there are very many, each has its turn. The caller holds the destinations' locks: two claims
 * that look at one entity at the same time would each believe it free.
 */
const CLAIM_IN_ORDER = `
  WITH due AS MATERIALIZED (
    SELECT run.id, run.event_key, run.order_key, lane.destination_id, lane.bytes AS lane_bytes,
      row_number() OVER () AS at
    FROM unnest($4::uuid[], $5::integer[], $6::bigint[]) AS lane (destination_id, room, bytes)
    CROSS JOIN LATERAL (
      WITH RECURSIVE entity AS (
        SELECT first.order_key, span.until, 1 AS number
        FROM (VALUES ($8::bigint, 9223372036854775807), (-1, $8::bigint)) AS span (after, until) CROSS JOIN LATERAL (
          SELECT order_key FROM notifications.delivery
          WHERE destination_id = lane.destination_id AND order_key > span.after AND order_key <= span.until
            AND state IN ('waiting', 'leased')
          ORDER BY order_key LIMIT 1
        ) AS first
        UNION ALL
        SELECT next.order_key, entity.until, entity.number + 1 FROM entity CROSS JOIN LATERAL (
          SELECT order_key FROM notifications.delivery
          WHERE destination_id = lane.destination_id AND order_key > entity.order_key AND order_key <= entity.until
            AND state IN ('waiting', 'leased')
          ORDER BY order_key LIMIT 1
        ) AS next
        WHERE entity.number < ${MOST_ENTITIES}
      ), free AS (
        SELECT order_key, number FROM entity CROSS JOIN LATERAL (
          SELECT state, next_attempt_at FROM notifications.delivery
          WHERE destination_id = lane.destination_id AND order_key = entity.order_key
            AND state IN ('waiting', 'leased')
          ORDER BY place LIMIT 1
        ) AS head
        WHERE head.state = 'waiting' AND head.next_attempt_at <= now()
        ORDER BY number LIMIT lane.room
      )
      SELECT row.id, row.event_key, free.order_key FROM free CROSS JOIN LATERAL (
        SELECT id, event_key, row_number() OVER by_place AS rank,
          bool_and(state = 'waiting' AND next_attempt_at <= now()) OVER by_place AS is_free
        FROM (
          SELECT id, event_key, place, state, next_attempt_at FROM notifications.delivery
          WHERE destination_id = lane.destination_id AND order_key = free.order_key
            AND state IN ('waiting', 'leased')
          ORDER BY place LIMIT ${LONGEST_RUN}
        ) AS first
        WINDOW by_place AS (ORDER BY place)
      ) AS row
      WHERE row.is_free
      ORDER BY row.rank, free.number LIMIT lane.room
    ) AS run
    LIMIT $7
  ), ${LEASE}`;

/** Which of the destinations nobody else is claiming for; the locks end with the transaction. */
const LOCK = `
  SELECT destination_id FROM unnest($1::uuid[]) AS destination_id
  WHERE pg_try_advisory_xact_lock(hashtextextended('tidings-delivery-order ' || destination_id, 0))`;

interface ClaimRow {
  readonly id: string;
  readonly instance_id: string;
  readonly destination_id: string;
  readonly subscription_id: string;
  readonly notification_id: string;
  readonly configuration_version: string;
  readonly attempts: number;
  readonly attempts_before: number;
  readonly event_key: string;
  readonly order_key: string | null;
  readonly bytes: number | null;
  readonly body: string | null;
  readonly kafka_key: string | null;
}

/** Takes what is due for this process. */
export class DeliveryClaims {
  /** @param pool connections of their own for claims: see `claimPool` */
  constructor(private readonly pool: Pool) {}

  /**
   * Takes what is due, oldest first, within the room of each destination; the first of them first.
   * @param most altogether
   */
  async claim(rooms: readonly DestinationRoom[], most: ClaimBounds): Promise<readonly ClaimedDelivery[]> {
    const claimed = await leased(this.pool, 'claim-deliveries', CLAIM, rooms, most);
    const ordered = rooms.filter(({ isOrdered }) => isOrdered);
    const left: ClaimBounds = {
      rows: most.rows - claimed.length,
      bytes: most.bytes - claimed.reduce((sum, { bytes }) => sum + bytes, 0),
    };
    if (ordered.length === 0 || left.rows <= 0 || left.bytes <= 0) return claimed;
    return [...claimed, ...(await this.claimInOrder(ordered, left))];
  }

  private async claimInOrder(
    rooms: readonly DestinationRoom[],
    most: ClaimBounds,
  ): Promise<readonly ClaimedDelivery[]> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ destination_id: string }>({
        name: 'lock-ordered-destinations',
        text: LOCK,
        values: [rooms.map(({ destinationId }) => destinationId)],
      });
      const locked = new Set(rows.map(({ destination_id: id }) => id));
      const own = rooms.filter(({ destinationId }) => locked.has(destinationId));
      if (own.length === 0) return [];
      // A statement of its own: it has to see what was committed before the locks were had.
      return leased(client, 'claim-deliveries-in-order', CLAIM_IN_ORDER, own, most, [randomInt(2 ** 47) * 65_536]);
    });
  }
}

async function leased(
  client: Pool | PoolClient,
  name: string,
  text: string,
  rooms: readonly DestinationRoom[],
  most: ClaimBounds,
  further: readonly number[] = [],
): Promise<readonly ClaimedDelivery[]> {
  const token = randomUUID();
  const leaseUntil = performance.now() + LEASE_SECONDS * 1_000;
  const { rows } = await client.query<ClaimRow>({
    name,
    text,
    values: [
      token,
      LEASE_SECONDS,
      most.bytes,
      rooms.map(({ destinationId }) => destinationId),
      rooms.map(({ room }) => Math.min(room, 1_000)),
      rooms.map(({ bytes }) => bytes),
      most.rows,
      ...further,
    ],
  });
  const texts = new Map<string, string>();
  for (const { event_key: key, body } of rows) if (body !== null) texts.set(key, body);
  return rows.map((row) => ({
    id: row.id,
    token,
    leaseUntil,
    instanceId: row.instance_id,
    destinationId: row.destination_id,
    subscriptionId: row.subscription_id,
    notificationId: row.notification_id,
    configurationVersion: BigInt(row.configuration_version),
    attempts: row.attempts,
    attemptsBefore: row.attempts_before,
    eventKey: row.event_key,
    orderKey: row.order_key ?? undefined,
    eventText: texts.get(row.event_key) ?? null,
    bytes: row.bytes ?? 0,
    kafkaKey: row.kafka_key,
  }));
}
