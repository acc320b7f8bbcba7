import { randomUUID } from 'node:crypto';
import type { Catalogue } from '@tidings/catalogue';
import type { NotificationsDatabase } from '../notifications-database.store.js';
import { CONFIGURATION_CHANNEL } from './configuration-channel.js';
import type { Queryable } from './configuration-changes.store.js';
import { predefinedSources } from './predefined-sources.js';

/** The instance that is there from the start. */
export const DEFAULT_INSTANCE = 'default';

/**
 * Puts in what every configuration has: the default instance, and in each instance a source for each system, also for
 * systems that a new release brings. What is there stays as it is; replicas may do it at the same time.
 */
export async function seedConfiguration(database: NotificationsDatabase, catalogue: Catalogue): Promise<void> {
  await database.transaction(async (client) => {
    await client.query('SELECT version FROM notifications.configuration FOR UPDATE');
    let added = await inserted(
      client,
      `INSERT INTO notifications.instance (id, name, scopes, is_default) VALUES ($1, $2, ARRAY['*'], true)
      ON CONFLICT (name) DO NOTHING`,
      [randomUUID(), DEFAULT_INSTANCE],
    );
    const { rows } = await client.query<{ id: string }>('SELECT id FROM notifications.instance');
    for (const { id } of rows) added += await addPredefinedSources(client, catalogue, id);
    if (added === 0) return;
    const raised = await client.query<{ version: string }>(
      'UPDATE notifications.configuration SET version = version + 1 RETURNING version',
    );
    await client.query('SELECT pg_notify($1, $2)', [CONFIGURATION_CHANNEL, raised.rows[0]?.version]);
  });
}

/** Gives an instance the sources that it does not have yet. @returns how many those were */
export async function addPredefinedSources(
  client: Queryable,
  catalogue: Catalogue,
  instanceId: string,
): Promise<number> {
  const sources = predefinedSources(catalogue, instanceId);
  // A source of that name that somebody made keeps it.
  return inserted(
    client,
    `INSERT INTO notifications.source (instance_id, id, system, name, description, type, enabled)
    SELECT $1, id, system,
      CASE WHEN EXISTS (SELECT 1 FROM notifications.source taken WHERE taken.instance_id = $1 AND taken.name = new.name)
        THEN new.name || ' (' || system || ')' ELSE new.name END,
      description, type, false
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      AS new (id, system, name, description, type)
    ON CONFLICT DO NOTHING`,
    [
      instanceId,
      sources.map(({ id }) => id),
      sources.map(({ system }) => system),
      sources.map(({ name }) => name),
      sources.map(({ description }) => description),
      sources.map(({ type }) => type),
    ],
  );
}

async function inserted(client: Queryable, text: string, values: unknown[]): Promise<number> {
  return (await client.query(text, values)).rowCount ?? 0;
}
