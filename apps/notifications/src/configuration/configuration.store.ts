import { Injectable } from '@nestjs/common';
import { listen } from '@tidings/database';
import type { PoolClient, QueryResultRow } from 'pg';
import { NotificationsDatabase } from '../notifications-database.store.js';
import { CONFIGURATION_CHANNEL } from './configuration-channel.js';
import type {
  ConfigurationRows,
  DestinationRow,
  InstanceRow,
  RuleRow,
  SourceRow,
  SubscriptionRow,
  TemplateRow,
  TopicRow,
  TopicSourceRow,
} from './configuration-row.js';

/** Reads what is configured, and hears of its changes. */
@Injectable()
export class ConfigurationStore {
  constructor(private readonly database: NotificationsDatabase) {}

  /** Of the last change; each is higher than the one before. */
  async version(): Promise<bigint> {
    const { rows } = await this.database.pool.query<{ version: string }>({
      name: 'configuration-version',
      text: 'SELECT version FROM notifications.configuration',
    });
    return BigInt(rows[0]?.version ?? 0);
  }

  /** Everything, as it was at one moment. */
  async load(): Promise<ConfigurationRows> {
    return this.database.transaction(async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const [state] = await all<{ version: string; changes_in: string | null }>(
        client,
        `SELECT version, (
          SELECT extract(epoch FROM min(former_signing_secret_ends_at) - now()) * 1000
          FROM notifications.destination WHERE former_signing_secret_ends_at > now()
        ) AS changes_in FROM notifications.configuration`,
      );
      const changesIn = state?.changes_in ?? null;
      return {
        version: state?.version ?? '0',
        changesInMs: changesIn === null ? undefined : Math.ceil(Number(changesIn)),
        instances: await all<InstanceRow>(
          client,
          'SELECT id, name, scopes FROM notifications.instance ORDER BY created_at, id',
        ),
        sources: await all<SourceRow>(
          client,
          'SELECT instance_id, id, name, enabled, system FROM notifications.source ORDER BY created_at, id',
        ),
        topics: await all<TopicRow>(
          client,
          'SELECT id, instance_id, name FROM notifications.topic ORDER BY created_at, id',
        ),
        topicSources: await all<TopicSourceRow>(
          client,
          'SELECT topic_id, source_id FROM notifications.topic_source ORDER BY topic_id, position',
        ),
        rules: await all<RuleRow>(
          client,
          `SELECT id, topic_id, source_id, enabled, event_type_filter, notification_filter FROM notifications.rule
          ORDER BY topic_id, source_id, position`,
        ),
        subscriptions: await all<SubscriptionRow>(
          client,
          `SELECT id, instance_id, name, topic_id, destination_id, attributes, filter FROM notifications.subscription
          ORDER BY created_at, id`,
        ),
        destinations: await all<DestinationRow>(client, DESTINATIONS),
        templates: await all<TemplateRow>(
          client,
          'SELECT id, instance_id, type, subject, body FROM notifications.template',
        ),
      };
    });
  }

  /**
   * Opens a connection that hears of every change.
   * @param onEnd called once when the connection is lost
   * @returns closes it
   */
  async listen(onChange: () => void, onEnd: () => void): Promise<() => Promise<void>> {
    return listen(this.database.pool, CONFIGURATION_CHANNEL, onChange, onEnd);
  }
}

// The end of a former signing secret is a change of its destination, although nobody makes it.
const DESTINATIONS = `
  SELECT id, instance_id, name, type, enabled, config, secrets, signing_secret, retry_schedule_seconds,
    CASE WHEN former_signing_secret_ends_at > now() THEN former_signing_secret END AS former_signing_secret,
    CASE WHEN former_signing_secret_ends_at <= now() THEN greatest(updated_at, former_signing_secret_ends_at)
      ELSE updated_at END AS updated_at
  FROM notifications.destination`;

async function all<T extends QueryResultRow>(client: PoolClient, text: string): Promise<readonly T[]> {
  return (await client.query<T>(text)).rows;
}
