import type { Pool } from 'pg';

const EVERY_MS = 60 * 60 * 1000;
/** Deletes go in chunks, so that none holds its locks for long. */
const CHUNK = 5_000;

/** Cancels deliveries whose destination is gone; forgets those that ended long ago, their attempts, and events that no delivery is left of. */
export class DeliveryHousekeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  /** @param days how long what has ended is kept */
  constructor(
    private readonly pool: Pool,
    private readonly days: number,
    private readonly report: (message: string) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void (this.running = this.keepHouse()), EVERY_MS);
    this.running = this.keepHouse();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** One round; what fails is reported and tried again in the next. */
  async keepHouse(): Promise<void> {
    try {
      await this.untilNone(ORPHANS);
      await this.untilNone(DELIVERIES);
      await this.untilNone(EVENTS);
      await this.untilNone(REPLAYS);
    } catch (error) {
      this.report(`housekeeping of deliveries failed and will be tried again: ${String(error)}`);
    }
  }

  /** Each chunk begins where the last one ended, so that none walks over what the others left standing. */
  private async untilNone(statement: string): Promise<void> {
    let after: string | null = null;
    while (!this.isStopped) {
      const { rows }: { rows: { last: string | null }[] } = await this.pool.query(statement, [this.days, CHUNK, after]);
      after = rows[0]?.last ?? null;
      if (after === null) return;
    }
  }
}

// Put there by a matcher that had not seen yet that their destination was gone; no lane of the dispatcher claims them.
const ORPHANS = `
  WITH lost AS (
    SELECT id FROM notifications.delivery
    WHERE state = 'waiting' AND $1::integer IS NOT NULL AND ($3::uuid IS NULL OR id > $3::uuid)
      AND NOT EXISTS (SELECT FROM notifications.destination WHERE destination.id = delivery.destination_id)
    ORDER BY id LIMIT $2
  ), ended AS (
    UPDATE notifications.delivery SET state = 'cancelled', ended_at = now() WHERE id IN (SELECT id FROM lost)
  )
  SELECT max(id::text) AS last FROM lost`;

// Ids tell the time of their making: what was made after the limit cannot have ended before it, and is not walked over.
const DELIVERIES = `
  WITH old AS (
    SELECT id, state IN ('delivered', 'failed', 'cancelled') AND ended_at < now() - make_interval(days => $1) AS is_over
    FROM notifications.delivery
    WHERE created_at < now() - make_interval(days => $1) AND ($3::uuid IS NULL OR id > $3::uuid)
      AND id < (lpad(to_hex((extract(epoch FROM now() - make_interval(days => $1)) * 1000)::bigint), 12, '0')
        || 'ffffffffffffffffffff')::uuid
    ORDER BY id LIMIT $2
  ), attempts AS (
    DELETE FROM notifications.attempt WHERE delivery_id IN (SELECT id FROM old WHERE is_over)
  ), deliveries AS (
    DELETE FROM notifications.delivery WHERE id IN (SELECT id FROM old WHERE is_over)
  )
  SELECT max(id::text) AS last FROM old`;

const EVENTS = `
  WITH old AS (
    SELECT event.key, event.taken_at FROM notifications.event
    WHERE taken_at < now() - make_interval(days => $1) AND ($3::timestamptz IS NULL OR taken_at >= $3::timestamptz)
      AND NOT EXISTS (SELECT FROM notifications.delivery WHERE delivery.event_key = event.key)
    ORDER BY taken_at LIMIT $2
  ), events AS (
    DELETE FROM notifications.event WHERE key IN (SELECT key FROM old)
  )
  SELECT max(taken_at)::text AS last FROM old`;

const REPLAYS = `
  WITH old AS (
    SELECT id FROM notifications.replay
    WHERE ended_at < now() - make_interval(days => $1) AND ($3::uuid IS NULL OR id > $3::uuid)
    ORDER BY id LIMIT $2
  ), replays AS (
    DELETE FROM notifications.replay WHERE id IN (SELECT id FROM old)
  )
  SELECT max(id::text) AS last FROM old`;
