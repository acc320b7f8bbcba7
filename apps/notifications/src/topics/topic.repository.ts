import { Injectable } from '@nestjs/common';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { readPage, SEARCHED } from '../api/page.repository.js';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import { NotificationsDatabase } from '../notifications-database.store.js';
import type { StoredSubscription } from '../subscriptions/subscription.repository.js';

export interface StoredTopic {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly sources_names: readonly string[];
  readonly subscription_count: number;
}

/** A source of a topic, without its rules. */
export interface StoredTopicSource {
  readonly id: string;
  readonly name: string;
}

export interface StoredRule {
  readonly id: string;
  readonly source_id: string;
  readonly enabled: boolean;
  readonly event_type_filter: string;
  readonly notification_filter: string;
  readonly updated_at: Date;
}

/** A topic with all that belongs to it. */
export interface WholeTopic {
  readonly topic: StoredTopic;
  readonly sources: readonly StoredTopicSource[];
  readonly rules: readonly StoredRule[];
  readonly subscriptions: readonly StoredSubscription[];
}

const COLUMNS = `id, name, description, created_at, updated_at, ARRAY(
  SELECT source.name FROM notifications.topic_source JOIN notifications.source
    ON source.instance_id = topic_source.instance_id AND source.id = topic_source.source_id
  WHERE topic_source.topic_id = topic.id ORDER BY topic_source.position
) AS sources_names, (
  SELECT count(*)::int FROM notifications.subscription WHERE subscription.topic_id = topic.id
) AS subscription_count`;

@Injectable()
export class TopicRepository {
  constructor(private readonly database: NotificationsDatabase) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredTopic>> {
    return readPage(
      this.database.pool,
      {
        columns: COLUMNS,
        from: 'notifications.topic',
        where: `instance_id = $2 AND ${SEARCHED.byText}`,
        order: 'created_at, id',
      },
      [instanceId],
      slice,
    );
  }

  async find(instanceId: string, id: string, on: Queryable = this.database.pool): Promise<StoredTopic | undefined> {
    const { rows } = await on.query<StoredTopic>(
      `SELECT ${COLUMNS} FROM notifications.topic WHERE instance_id = $1 AND id = $2`,
      [instanceId, id],
    );
    return rows[0];
  }

  async sources(topicId: string, on: Queryable = this.database.pool): Promise<readonly StoredTopicSource[]> {
    const { rows } = await on.query<StoredTopicSource>(
      `SELECT source.id, source.name FROM notifications.topic_source JOIN notifications.source
        ON source.instance_id = topic_source.instance_id AND source.id = topic_source.source_id
      WHERE topic_source.topic_id = $1 ORDER BY topic_source.position`,
      [topicId],
    );
    return rows;
  }

  async rules(topicId: string, on: Queryable = this.database.pool): Promise<readonly StoredRule[]> {
    const { rows } = await on.query<StoredRule>(
      `SELECT id, source_id, enabled, event_type_filter, notification_filter, updated_at
      FROM notifications.rule WHERE topic_id = $1 ORDER BY source_id, position`,
      [topicId],
    );
    return rows;
  }

  async insert(on: Queryable, instanceId: string, id: string, name: string, description: string): Promise<void> {
    await on.query('INSERT INTO notifications.topic (id, instance_id, name, description) VALUES ($1, $2, $3, $4)', [
      id,
      instanceId,
      name,
      description,
    ]);
  }

  async update(on: Queryable, id: string, name: string, description: string): Promise<void> {
    await on.query('UPDATE notifications.topic SET name = $2, description = $3, updated_at = now() WHERE id = $1', [
      id,
      name,
      description,
    ]);
  }

  async remove(on: Queryable, id: string): Promise<void> {
    await on.query('DELETE FROM notifications.topic WHERE id = $1', [id]);
  }

  /** Puts a source into a topic. Behind the others without a position; one that is there keeps its place then. */
  async putSource(
    on: Queryable,
    instanceId: string,
    topicId: string,
    sourceId: string,
    position?: number,
  ): Promise<void> {
    await on.query(
      `INSERT INTO notifications.topic_source (topic_id, instance_id, source_id, position)
      VALUES ($1, $2, $3, coalesce($4, (
        SELECT coalesce(max(position), -1) + 1 FROM notifications.topic_source WHERE topic_id = $1)))
      ON CONFLICT (topic_id, source_id) DO UPDATE SET position = coalesce($4, topic_source.position)`,
      [topicId, instanceId, sourceId, position ?? null],
    );
  }

  /** @returns whether it was there */
  async removeSource(on: Queryable, topicId: string, sourceId: string): Promise<boolean> {
    const { rowCount } = await on.query(
      'DELETE FROM notifications.topic_source WHERE topic_id = $1 AND source_id = $2',
      [topicId, sourceId],
    );
    return rowCount !== 0;
  }

  /** Replaces the rules of a source in a topic. */
  async putRules(on: Queryable, topicId: string, sourceId: string, rules: readonly StoredRule[]): Promise<void> {
    await on.query('DELETE FROM notifications.rule WHERE topic_id = $1 AND source_id = $2', [topicId, sourceId]);
    await on.query(
      `INSERT INTO notifications.rule
        (id, topic_id, source_id, position, enabled, event_type_filter, notification_filter, updated_at)
      SELECT new.id, $1, $2, new.position, new.enabled, new.event_type_filter, new.notification_filter, new.updated_at
      FROM unnest($3::uuid[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[])
        WITH ORDINALITY AS new (id, enabled, event_type_filter, notification_filter, updated_at, position)`,
      [
        topicId,
        sourceId,
        rules.map(({ id }) => id),
        rules.map(({ enabled }) => enabled),
        rules.map(({ event_type_filter }) => event_type_filter),
        rules.map(({ notification_filter }) => notification_filter),
        rules.map(({ updated_at }) => updated_at),
      ],
    );
  }
}
