import { Injectable } from '@nestjs/common';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

export interface TemplateState {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly subject: string | null;
  /** Handlebars. */
  readonly body: string;
}

export interface StoredTemplate extends TemplateState {
  readonly id: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly subscription_names: readonly string[];
}

const COLUMNS = `id, name, type, description, subject, body, created_at, updated_at, ARRAY(
  SELECT subscription.name FROM notifications.subscription
  WHERE subscription.instance_id = template.instance_id
    AND template.id::text IN
      (subscription.attributes ->> 'template_id_notification', subscription.attributes ->> 'template_id_invitation')
  ORDER BY subscription.name
) AS subscription_names`;

@Injectable()
export class TemplateRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredTemplate>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.template',
        where: `instance_id = $2 AND ${SEARCHED.byText}`,
        order: 'created_at, id',
      },
      [instanceId],
      slice,
    );
  }

  async find(instanceId: string, id: string, on: Queryable = this.database.pool): Promise<StoredTemplate | undefined> {
    const { rows } = await on.query<StoredTemplate>(
      `SELECT ${COLUMNS} FROM notifications.template WHERE instance_id = $1 AND id = $2`,
      [instanceId, id],
    );
    return rows[0];
  }

  async insert(on: Queryable, instanceId: string, id: string, state: TemplateState): Promise<void> {
    const { name, type, description, subject, body } = state;
    await on.query(
      `INSERT INTO notifications.template (instance_id, id, name, type, description, subject, body)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [instanceId, id, name, type, description, subject, body],
    );
  }

  async update(on: Queryable, id: string, { name, type, description, subject, body }: TemplateState): Promise<void> {
    await on.query(
      `UPDATE notifications.template SET name = $2, type = $3, description = $4, subject = $5, body = $6,
        updated_at = now() WHERE id = $1`,
      [id, name, type, description, subject, body],
    );
  }

  /** Takes it out of the subscriptions as well: they send the event itself then. */
  async remove(on: Queryable, instanceId: string, id: string): Promise<void> {
    for (const attribute of ['template_id_notification', 'template_id_invitation']) {
      await on.query(
        `UPDATE notifications.subscription SET attributes = attributes - $3::text, updated_at = now()
        WHERE instance_id = $1 AND attributes ->> $3 = $2`,
        [instanceId, id, attribute],
      );
    }
    await on.query('DELETE FROM notifications.template WHERE id = $1', [id]);
  }
}
