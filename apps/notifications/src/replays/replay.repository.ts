import { Injectable } from '@nestjs/common';
import { type Actor, writeAudit } from '@tidings/access';
import { DELIVERIES_CHANNEL } from '../delivery/deliveries-channel.js';
import type { MatchedEvent } from '../matching/batch-load.js';
import { KEEP_EVENTS, keptEventValues } from '../matching/kept-event.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** Whoever works at a replay says so at least this often, seconds. */
const LEASE_SECONDS = 60;
/** After the events app could not be asked, seconds. */
const PAUSE_SECONDS = 2;

/** A query as the events API takes it. */
export type ReplayQuery = Readonly<Record<string, string | readonly string[]>>;

/** A replay as it is kept. */
export interface StoredReplay {
  readonly id: string;
  readonly instance_id: string;
  readonly subscription_id: string;
  readonly query: ReplayQuery;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  /** Where the events app goes on; null: from the beginning. */
  readonly cursor: string | null;
  readonly found: string;
  readonly queued: string;
  readonly problem: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

/** A replay that this process works at until its lease ends. */
export interface TakenReplay extends StoredReplay {
  /** The fencing token: another process that took it over has another one. */
  readonly lease_token: string;
}

/** What one page of stored events came down to. */
export interface ReplayStep {
  readonly events: readonly MatchedEvent[];
  readonly found: number;
  /** Undefined: it was the last page. */
  readonly next: string | undefined;
  readonly configurationVersion: bigint;
}

const COLUMNS = `id, instance_id, subscription_id, query, state, cursor, found, queued, problem, created_at, ended_at`;

/** What is being replayed, and how far it has come. */
@Injectable()
export class ReplayRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async insert(
    {
      id,
      instanceId,
      subscriptionId,
      query,
    }: { id: string; instanceId: string; subscriptionId: string; query: ReplayQuery },
    actor: Actor,
  ): Promise<void> {
    await this.database.transaction(async (client) => {
      await client.query(
        'INSERT INTO notifications.replay (id, instance_id, subscription_id, query) VALUES ($1, $2, $3, $4)',
        [id, instanceId, subscriptionId, JSON.stringify(query)],
      );
      await writeAudit(client, {
        actor: { id: actor.id, name: actor.name },
        action: 'subscription.replay',
        subject: `subscription:${subscriptionId}`,
        after: { instance_id: instanceId, replay_id: id, query },
      });
    });
  }

  async find(instanceId: string, id: string): Promise<StoredReplay | undefined> {
    const { rows } = await this.database.pool.query<StoredReplay>(
      `SELECT ${COLUMNS} FROM notifications.replay WHERE id = $2 AND instance_id = $1`,
      [instanceId, id],
    );
    return rows[0];
  }

  /** How many of its deliveries are in each state. */
  async progress(id: string): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.database.pool.query<{ state: string; count: number }>(
      'SELECT state, count(*)::integer AS count FROM notifications.delivery WHERE replay_id = $1 GROUP BY state',
      [id],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async hasSubscription(instanceId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'SELECT FROM notifications.subscription WHERE id = $2 AND instance_id = $1',
      [instanceId, id],
    );
    return rowCount === 1;
  }

  /** Takes a replay that nobody works at. */
  async take(): Promise<TakenReplay | undefined> {
    const { rows } = await this.database.pool.query<TakenReplay>(
      `UPDATE notifications.replay SET lease_until = now() + make_interval(secs => $1), lease_token = gen_random_uuid()
      WHERE id = (
        SELECT id FROM notifications.replay WHERE state = 'running' AND (lease_until IS NULL OR lease_until < now())
        ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
      ) RETURNING ${COLUMNS}, lease_token`,
      [LEASE_SECONDS],
    );
    return rows[0];
  }

  /**
   * Puts a page's deliveries there, and moves on, both or neither.
   * @returns false where the replay was cancelled meanwhile, or another process has taken it over
   */
  async advance(
    { id, lease_token: token }: TakenReplay,
    { events, found, next, configurationVersion }: ReplayStep,
  ): Promise<boolean> {
    const deliveries = events.flatMap(({ key, deliveries: own }) => own.map((delivery) => ({ ...delivery, key })));
    return this.database
      .transaction(async (client) => {
        const { rowCount: queued } = await client.query(
          `WITH ${KEEP_EVENTS}
        INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
          notification_id, configuration_version, replay_id)
        SELECT id, instance_id, event_key, subscription_id, destination_id, topic_id, notification_id, $16::bigint, $17
        FROM unnest($9::uuid[], $10::uuid[], $11::uuid[], $12::uuid[], $13::uuid[], $14::uuid[], $15::uuid[])
          AS d (id, instance_id, event_key, subscription_id, destination_id, topic_id, notification_id)
        ON CONFLICT (event_key, subscription_id, replay_id) DO NOTHING`,
          [
            ...keptEventValues(events),
            deliveries.map((delivery) => delivery.id),
            deliveries.map(({ instanceId }) => instanceId),
            deliveries.map(({ key }) => key),
            deliveries.map(({ subscriptionId }) => subscriptionId),
            deliveries.map(({ destinationId }) => destinationId),
            deliveries.map(({ topicId }) => topicId),
            deliveries.map(({ notificationId }) => notificationId),
            String(configurationVersion),
            id,
          ],
        );
        const { rowCount } = await client.query(
          `UPDATE notifications.replay SET found = found + $2, queued = queued + $3, cursor = $4,
          state = CASE WHEN $4::text IS NULL THEN 'done' ELSE state END,
          ended_at = CASE WHEN $4::text IS NULL THEN now() END,
          lease_until = now() + make_interval(secs => $5)
        WHERE id = $1 AND state = 'running' AND lease_token = $6`,
          [id, found, queued ?? 0, next ?? null, LEASE_SECONDS, token],
        );
        if (rowCount === 0) throw new ReplayCancelled();
        await client.query('SELECT pg_notify($1, $2)', [DELIVERIES_CHANNEL, '']);
      })
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof ReplayCancelled) return false;
          throw error;
        },
      );
  }

  /** Lets others have it, after a pause. */
  async release({ id, lease_token: token }: TakenReplay): Promise<void> {
    await this.database.pool.query(
      `UPDATE notifications.replay SET lease_until = now() + make_interval(secs => $2)
      WHERE id = $1 AND state = 'running' AND lease_token = $3`,
      [id, PAUSE_SECONDS, token],
    );
  }

  async fail({ id, lease_token: token }: TakenReplay, problem: string): Promise<void> {
    await this.database.pool.query(
      `UPDATE notifications.replay SET state = 'failed', problem = $2, ended_at = now()
      WHERE id = $1 AND state = 'running' AND lease_token = $3`,
      [id, problem, token],
    );
  }

  /** Ends a replay, and what of it waits. */
  async cancel(instanceId: string, id: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE notifications.replay SET state = 'cancelled', ended_at = now()
        WHERE id = $2 AND instance_id = $1 AND state = 'running'`,
        [instanceId, id],
      );
      const cancelled = await client.query(
        `UPDATE notifications.delivery SET state = 'cancelled', ended_at = now() WHERE replay_id = $1 AND state = 'waiting'`,
        [id],
      );
      if (rowCount === 0 && cancelled.rowCount === 0) return;
      await writeAudit(client, {
        actor: { id: actor.id, name: actor.name },
        action: 'replay.cancel',
        subject: `replay:${id}`,
        after: { instance_id: instanceId, cancelled: cancelled.rowCount ?? 0 },
      });
    });
  }
}

/** Somebody cancelled it, or took it over, while a page was read: the page is not queued. */
class ReplayCancelled extends Error {}
