import type { Pool } from 'pg';
import type { ClaimBounds, ClaimedDelivery, Completion, DestinationRoom } from './claimed-delivery.js';
import { DeliveryClaims } from './delivery-claims.store.js';

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

/** The work queue: PostgreSQL's own table, its own clock. */
export class DeliveryStore {
  private readonly claims: DeliveryClaims;

  /**
   * @param claims for claiming: see `claimPool`
   * @param completions for completing: see `completionPool`
   * @param pool for everything else
   */
  constructor(
    claims: Pool,
    private readonly completions: Pool,
    private readonly pool: Pool,
  ) {
    this.claims = new DeliveryClaims(claims);
  }

  /** See {@link DeliveryClaims.claim}. */
  async claim(rooms: readonly DestinationRoom[], most: ClaimBounds): Promise<readonly ClaimedDelivery[]> {
    return this.claims.claim(rooms, most);
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

/** PostgreSQL keeps no NUL in a text. */
function storable(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text;
}
