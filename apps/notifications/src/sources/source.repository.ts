import { Injectable } from '@nestjs/common';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

export interface StoredSource {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly store_notifications: boolean;
  /** Null: an API source. */
  readonly system: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly topic_names: readonly string[];
}

/** What can be changed of a source. */
export interface SourceMembers {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly store_notifications: boolean;
}

const COLUMNS = `id, name, description, type, enabled, store_notifications, system, created_at, updated_at, ARRAY(
  SELECT topic.name FROM notifications.topic_source JOIN notifications.topic ON topic.id = topic_source.topic_id
  WHERE topic_source.instance_id = source.instance_id AND topic_source.source_id = source.id ORDER BY topic.name
) AS topic_names`;

@Injectable()
export class SourceRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  /** Pre-defined ones first. */
  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredSource>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.source',
        where: `instance_id = $2 AND ${SEARCHED.byText}`,
        order: 'system IS NULL, created_at, id',
      },
      [instanceId],
      slice,
    );
  }

  async find(instanceId: string, id: string, on: Queryable = this.database.pool): Promise<StoredSource | undefined> {
    // No source has such an id, and PostgreSQL would refuse it.
    if (id.includes('\u0000')) return undefined;
    const { rows } = await on.query<StoredSource>(
      `SELECT ${COLUMNS} FROM notifications.source WHERE instance_id = $1 AND id = $2`,
      [instanceId, id],
    );
    return rows[0];
  }

  async insertApiSource(on: Queryable, instanceId: string, id: string, members: SourceMembers): Promise<void> {
    const { name, description, enabled, store_notifications } = members;
    await on.query(
      `INSERT INTO notifications.source (instance_id, id, name, description, type, enabled, store_notifications)
      VALUES ($1, $2, $3, $4, 'api', $5, $6)`,
      [instanceId, id, name, description, enabled, store_notifications],
    );
  }

  async update(on: Queryable, instanceId: string, id: string, members: SourceMembers): Promise<void> {
    const { name, description, enabled, store_notifications } = members;
    await on.query(
      `UPDATE notifications.source SET name = $3, description = $4, enabled = $5, store_notifications = $6,
        updated_at = now()
      WHERE instance_id = $1 AND id = $2`,
      [instanceId, id, name, description, enabled, store_notifications],
    );
  }

  async remove(on: Queryable, instanceId: string, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.source WHERE instance_id = $1 AND id = $2', [instanceId, id]);
  }
}
