import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@tidings/catalogue';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** A destination with what its type shows of its configuration. */
export interface ShownDestination extends StoredDestination {
  readonly params: JsonObject;
}

/** What can be changed of a destination. */
export interface DestinationState {
  readonly name: string;
  readonly description: string;
  readonly collect_failed_events: boolean;
  readonly config: JsonObject;
  readonly secrets: Buffer | null;
  readonly retry_schedule_seconds: readonly number[] | null;
  readonly enabled: boolean;
  /** Null where it is enabled. */
  readonly disabled_reason: string | null;
}

export interface StoredDestination extends DestinationState {
  readonly id: string;
  readonly type: string;
  readonly disabled_at: Date | null;
  readonly has_signing_secret: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly subscription_names: readonly string[];
}

const COLUMNS = `id, name, type, description, collect_failed_events, config, secrets, retry_schedule_seconds, enabled,
  disabled_at, disabled_reason, signing_secret IS NOT NULL AS has_signing_secret, created_at, updated_at, ARRAY(
    SELECT subscription.name FROM notifications.subscription
    WHERE subscription.destination_id = destination.id ORDER BY subscription.name
  ) AS subscription_names`;

@Injectable()
export class DestinationRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredDestination>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.destination',
        where: `instance_id = $2 AND ${SEARCHED.byText}`,
        order: 'created_at, id',
      },
      [instanceId],
      slice,
    );
  }

  async find(
    instanceId: string,
    id: string,
    on: Queryable = this.database.pool,
  ): Promise<StoredDestination | undefined> {
    const { rows } = await on.query<StoredDestination>(
      `SELECT ${COLUMNS} FROM notifications.destination WHERE instance_id = $1 AND id = $2`,
      [instanceId, id],
    );
    return rows[0];
  }

  async insert(
    on: Queryable,
    instanceId: string,
    { id, type }: Pick<StoredDestination, 'id' | 'type'>,
    state: DestinationState,
  ): Promise<void> {
    await on.query(
      `INSERT INTO notifications.destination (instance_id, id, type, name, description, collect_failed_events, config,
        secrets, retry_schedule_seconds, enabled, disabled_reason, disabled_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9::integer[], $10, $11, CASE WHEN $10 THEN NULL ELSE now() END)`,
      [instanceId, id, type, ...valuesOf(state)],
    );
  }

  async update(on: Queryable, id: string, state: DestinationState): Promise<void> {
    await on.query(
      `UPDATE notifications.destination SET name = $2, description = $3, collect_failed_events = $4,
        config = $5::jsonb, secrets = $6, retry_schedule_seconds = $7::integer[], enabled = $8, disabled_reason = $9,
        disabled_at = CASE WHEN $8 THEN NULL ELSE coalesce(disabled_at, now()) END, updated_at = now()
      WHERE id = $1`,
      [id, ...valuesOf(state)],
    );
  }

  /** What failed before it was enabled again does not count any more. */
  async forgetFailures(on: Queryable, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.destination_failure WHERE destination_id = $1', [id]);
  }

  async remove(on: Queryable, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.destination WHERE id = $1', [id]);
  }

  /**
   * Sets the secret that signs. The former one goes on being valid for a while; one before that is not valid any more.
   */
  async putSigningSecret(on: Queryable, id: string, sealed: Buffer, graceHours: number): Promise<void> {
    await on.query(
      `UPDATE notifications.destination SET former_signing_secret = signing_secret, signing_secret = $2,
        former_signing_secret_ends_at = CASE WHEN signing_secret IS NULL THEN NULL ELSE now() + make_interval(hours => $3) END,
        updated_at = now()
      WHERE id = $1`,
      [id, sealed, graceHours],
    );
  }
}

function valuesOf(state: DestinationState): unknown[] {
  return [
    state.name,
    state.description,
    state.collect_failed_events,
    JSON.stringify(state.config),
    state.secrets,
    state.retry_schedule_seconds,
    state.enabled,
    state.disabled_reason,
  ];
}
