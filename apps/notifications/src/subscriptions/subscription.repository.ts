import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@tidings/catalogue';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';

/** What can be changed of a subscription. */
export interface SubscriptionState {
  readonly name: string;
  readonly description: string;
  readonly attributes: JsonObject;
  /** Null: it takes all that its topic takes. */
  readonly filter: string | null;
}

export interface StoredSubscription extends SubscriptionState {
  readonly id: string;
  readonly topic_id: string;
  readonly topic_name: string;
  readonly destination_id: string;
  readonly destination_name: string;
  readonly destination_type: string;
  readonly updated_at: Date;
}

const COLUMNS = `id, name, description, attributes, filter, updated_at, topic_id, destination_id,
  (SELECT topic.name FROM notifications.topic WHERE topic.id = topic_id) AS topic_name,
  (SELECT destination.name FROM notifications.destination WHERE destination.id = destination_id) AS destination_name,
  (SELECT destination.type FROM notifications.destination WHERE destination.id = destination_id) AS destination_type`;

@Injectable()
export class SubscriptionRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredSubscription>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.subscription',
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
  ): Promise<StoredSubscription | undefined> {
    const { rows } = await on.query<StoredSubscription>(
      `SELECT ${COLUMNS} FROM notifications.subscription WHERE instance_id = $1 AND id = $2`,
      [instanceId, id],
    );
    return rows[0];
  }

  async ofTopic(topicId: string, on: Queryable = this.database.pool): Promise<readonly StoredSubscription[]> {
    const { rows } = await on.query<StoredSubscription>(
      `SELECT ${COLUMNS} FROM notifications.subscription WHERE topic_id = $1 ORDER BY created_at, id`,
      [topicId],
    );
    return rows;
  }

  async insert(
    on: Queryable,
    instanceId: string,
    { id, topic_id, destination_id }: Pick<StoredSubscription, 'id' | 'topic_id' | 'destination_id'>,
    { name, description, attributes, filter }: SubscriptionState,
  ): Promise<void> {
    await on.query(
      `INSERT INTO notifications.subscription
        (instance_id, id, topic_id, destination_id, name, description, attributes, filter)
      VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)`,
      [instanceId, id, topic_id, destination_id, name, description, JSON.stringify(attributes), filter],
    );
  }

  async update(on: Queryable, id: string, { name, description, attributes, filter }: SubscriptionState): Promise<void> {
    await on.query(
      `UPDATE notifications.subscription SET name = $2, description = $3, attributes = $4::jsonb, filter = $5,
        updated_at = now() WHERE id = $1`,
      [id, name, description, JSON.stringify(attributes), filter],
    );
  }

  async remove(on: Queryable, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.subscription WHERE id = $1', [id]);
  }
}
