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
 * Bounds what is due by its bytes, and leases it. A row is taken while those before it have not used up the bytes, so that
 * a single event of any size goes out; altogether, each event counts and is read once. `due` has to number the rows in the
 * order in which they are to begin (`at`, from 1) and to have their events beside them: looking those up a second time
 * would cost more than the bounds.
 */
const LEASE = `
  fitting AS (
    SELECT * FROM (
      SELECT *, coalesce(sum(bytes) FILTER (WHERE is_first)
        OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS all_before
      FROM (
        SELECT *, row_number() OVER (PARTITION BY event_key ORDER BY at) = 1 AS is_first
        FROM (
          SELECT due.*, coalesce(sum(bytes)
            OVER (PARTITION BY lane ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS lane_before
          FROM due
        ) AS weighed WHERE lane_before < lane_bytes
      ) AS numbered
    ) AS summed WHERE all_before < $3::bigint
  )
  UPDATE notifications.delivery AS delivery
  SET state = 'leased', lease_token = $1::uuid, lease_until = now() + make_interval(secs => $2)
  FROM fitting WHERE delivery.id = fitting.id
  RETURNING delivery.id, delivery.instance_id, delivery.destination_id, delivery.subscription_id,
    delivery.notification_id, delivery.configuration_version, delivery.attempts, delivery.attempts_before,
    delivery.event_key, delivery.order_key, fitting.at, fitting.bytes, fitting.kafka_key,
    CASE WHEN fitting.is_first THEN fitting.body END AS body`;

/** What {@link LEASE} needs of a row that is due. @param row what the row is called */
const dueOf = (row: string): string => `
    SELECT ${row}.id, ${row}.event_key, lane.destination_id AS lane, lane.bytes AS lane_bytes, event.body, event.kafka_key,
      octet_length(event.body) AS bytes, row_number() OVER ()::integer AS at
    FROM unnest($4::uuid[], $5::integer[], $6::bigint[]) AS lane (destination_id, room, bytes)`;

/**
 * For every destination with room, its own oldest due rows by the index: a claim costs the same however many wait, and
 * whoever claims at the same time takes the next ones. The call itself happens after this has committed.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    ${dueOf('waiting')}
    CROSS JOIN LATERAL (
      SELECT id, event_key, order_key FROM notifications.delivery
      WHERE destination_id = lane.destination_id AND state = 'waiting' AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED
    ) AS waiting
    LEFT JOIN notifications.event ON event.key = waiting.event_key
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
    ${dueOf('run')}
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
    LEFT JOIN notifications.event ON event.key = run.event_key
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
  /** Which of them begins first. */
  readonly at: number;
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
    const counts = new Map<string, number>();
    for (const { destinationId: id } of claimed) counts.set(id, (counts.get(id) ?? 0) + 1);
    const ordered = rooms
      .filter(({ isOrdered }) => isOrdered)
      .map((one) => ({ ...one, room: one.room - (counts.get(one.destinationId) ?? 0) }))
      .filter(({ room }) => room > 0);
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
  rows.sort((one, other) => one.at - other.at);
  // One text for all deliveries of an event.
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
