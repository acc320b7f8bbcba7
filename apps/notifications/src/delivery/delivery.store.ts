import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { ClaimedDelivery, Completion, DestinationRoom } from './claimed-delivery.js';
import { LEASE_SECONDS } from './claimed-delivery.js';

/**
 * For every destination with room, its own oldest due rows by the index: a claim costs the same however many wait, and
 * whoever claims at the same time takes the next ones. The call itself happens after this has committed.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT waiting.id
    FROM unnest($1::uuid[], $2::integer[]) AS lane (destination_id, room)
    CROSS JOIN LATERAL (
      SELECT id FROM notifications.delivery
      WHERE destination_id = lane.destination_id AND state = 'waiting' AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED
    ) AS waiting
    LIMIT $5
  ), claimed AS (
    UPDATE notifications.delivery AS delivery
    SET state = 'leased', lease_token = $3, lease_until = now() + make_interval(secs => $4)
    FROM due WHERE delivery.id = due.id
    RETURNING delivery.*
  )
  SELECT claimed.id, claimed.instance_id, claimed.destination_id, claimed.subscription_id, claimed.notification_id,
    claimed.configuration_version, claimed.attempts, claimed.attempts_before, claimed.event_key, event.body,
    event.kafka_key
  FROM claimed LEFT JOIN notifications.event ON event.key = claimed.event_key
  ORDER BY claimed.next_attempt_at, claimed.id`;

/**
 * Many outcomes at once: the states, the log of attempts, and which destinations fail. Only for those whose lease is
 * still ours: what another process has taken over meanwhile is its own to complete. The token alone says so, and not the
 * state as well: by the state, the planner would read everything that is leased instead of looking these rows up.
 */
const COMPLETE = `
  WITH ended AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::integer[], $6::integer[], $7::float8[],
        $8::text[], $9::text[], $10::text[], $11::text[])
      AS ended (id, token, state, pause, number, latency, since_end, outcome, status, problem, head)
  ), kept AS (
    UPDATE notifications.delivery AS delivery
    SET state = ended.state,
      attempts = coalesce(ended.number, delivery.attempts),
      next_attempt_at = CASE WHEN ended.state = 'waiting' THEN now() + make_interval(secs => ended.pause)
        ELSE delivery.next_attempt_at END,
      lease_token = NULL, lease_until = NULL,
      ended_at = CASE WHEN ended.state = 'waiting' THEN NULL ELSE now() END,
      last_status = coalesce(ended.status, delivery.last_status)
    FROM ended
    WHERE delivery.id = ended.id AND delivery.lease_token = ended.token
    RETURNING delivery.id
  ), succeeding AS (
    DELETE FROM notifications.destination_failure WHERE destination_id = ANY($12::uuid[])
  ), logged AS (
    INSERT INTO notifications.attempt (delivery_id, number, at, latency_ms, outcome, status, problem, response_head)
    SELECT id, number, now() - make_interval(secs => (latency + since_end) / 1000), latency, outcome, status, problem, head
    FROM ended JOIN kept USING (id)
    WHERE number IS NOT NULL
    ON CONFLICT DO NOTHING
  )
  SELECT count(*)::integer AS kept FROM kept`;

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
  readonly body: string | null;
  readonly kafka_key: string | null;
}

/** The work queue: PostgreSQL's own table, its own clock. */
export class DeliveryStore {
  /**
   * @param claims for claiming: see `claimPool`
   * @param completions for completing: see `completionPool`
   * @param pool for everything else
   */
  constructor(
    private readonly claims: Pool,
    private readonly completions: Pool,
    private readonly pool: Pool,
  ) {}

  /**
   * Takes what is due, oldest first, within the room of each destination; the first of them first.
   * @param most altogether
   */
  async claim(rooms: readonly DestinationRoom[], most: number): Promise<readonly ClaimedDelivery[]> {
    const token = randomUUID();
    const { rows } = await this.claims.query<ClaimRow>({
      name: 'claim-deliveries',
      text: CLAIM,
      values: [
        rooms.map(({ destinationId }) => destinationId),
        rooms.map(({ room }) => Math.min(room, 1_000)),
        token,
        LEASE_SECONDS,
        most,
      ],
    });
    return rows.map((row) => claimedDelivery(row, token));
  }

  /** @returns of how many the lease was still ours */
  async complete(completions: readonly Completion[]): Promise<number> {
    const now = performance.now();
    const attempts = completions.map(({ attempt }) => attempt);
    const { rows } = await this.completions.query<{ kept: number }>({
      name: 'complete-deliveries',
      text: COMPLETE,
      values: [
        completions.map(({ id }) => id),
        completions.map(({ token }) => token),
        completions.map(({ state }) => state),
        completions.map(({ pauseSeconds }) => pauseSeconds),
        attempts.map((attempt) => attempt?.number ?? null),
        attempts.map((attempt) => (attempt === undefined ? null : Math.round(attempt.latencyMs))),
        attempts.map((attempt) => (attempt === undefined ? null : now - attempt.endedAt)),
        attempts.map((attempt) => attempt?.outcome ?? null),
        attempts.map((attempt) => storable(attempt?.status)),
        attempts.map((attempt) => storable(attempt?.problem)),
        attempts.map((attempt) => storable(attempt?.responseHead)),
        [...new Set(completions.filter(({ state }) => state === 'delivered').map((one) => one.destinationId))],
      ],
    });
    return rows[0]?.kept ?? 0;
  }

  /**
   * Gives back what somebody claimed and did not complete in time: that process is dead, or stands still.
   * @returns how many
   */
  async reclaim(limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE notifications.delivery SET state = 'waiting', lease_token = NULL, lease_until = NULL, next_attempt_at = now()
      WHERE id IN (
        SELECT id FROM notifications.delivery WHERE state = 'leased' AND lease_until < now()
        ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
      )`,
      [limit],
    );
    return rowCount ?? 0;
  }

  /**
   * Notes which destinations fail, and since when they do nothing else.
   * @param quietSeconds whoever failed longer ago than this begins anew
   * @returns those that have failed for so long
   */
  async noteFailures(
    destinationIds: readonly string[],
    { afterSeconds, quietSeconds }: { readonly afterSeconds: number; readonly quietSeconds: number },
  ): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ destination_id: string }>(
      `WITH noted AS (
        INSERT INTO notifications.destination_failure AS failure (destination_id)
        SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id
        ON CONFLICT (destination_id) DO UPDATE SET latest_at = now(),
          since = CASE WHEN failure.latest_at < now() - make_interval(secs => $3) THEN now() ELSE failure.since END
        RETURNING destination_id, since
      )
      SELECT destination_id FROM noted WHERE since <= now() - make_interval(secs => $2)`,
      [[...new Set(destinationIds)], afterSeconds, quietSeconds],
    );
    return rows.map(({ destination_id }) => destination_id);
  }
}

function claimedDelivery(row: ClaimRow, token: string): ClaimedDelivery {
  return {
    id: row.id,
    token,
    instanceId: row.instance_id,
    destinationId: row.destination_id,
    subscriptionId: row.subscription_id,
    notificationId: row.notification_id,
    configurationVersion: BigInt(row.configuration_version),
    attempts: row.attempts,
    attemptsBefore: row.attempts_before,
    eventKey: row.event_key,
    eventText: row.body,
    kafkaKey: row.kafka_key,
  };
}

/** PostgreSQL keeps no NUL in a text. */
function storable(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text;
}
