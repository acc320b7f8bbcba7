import { Inject, Injectable } from '@nestjs/common';
import { type Actor, type AuditEntry, writeAudit } from '@tidings/access';
import type { QueryResultRow } from 'pg';
import { NotificationsDatabase } from '../notifications-database.store.js';
import { CONFIGURATION } from './configuration.js';
import { CONFIGURATION_CHANNEL } from './configuration-channel.js';
import { ConfigurationWatch } from './configuration-watch.js';

/** A connection, as far as repositories use it: a pool, or a client in a transaction. */
export interface Queryable {
  query<T extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: T[]; rowCount: number | null }>;
}

/** What a change is told as; who made it, and in which version, comes on top. */
export type ChangeEntry = Omit<AuditEntry, 'actor'>;

/** A change under way. Changes are one after another, so that what was read here stays true until the end. */
export interface ConfigurationChange {
  readonly client: Queryable;
  /** What the configuration's version will be. */
  readonly version: bigint;
  /** Writes into the audit log; never with a secret. At least once a change. */
  readonly audit: (entry: ChangeEntry) => Promise<void>;
}

/** The one way to change the configuration. */
@Injectable()
export class ConfigurationChanges {
  constructor(
    private readonly database: NotificationsDatabase,
    @Inject(CONFIGURATION) private readonly watch: ConfigurationWatch,
  ) {}

  /**
   * Changes the configuration in one transaction that raises its version, and lets every process know. When it is
   * through, this process has seen it. What throws changes nothing.
   */
  async make<T>(actor: Actor, change: (change: ConfigurationChange) => Promise<T>): Promise<T> {
    const result = await changeConfiguration(this.database, actor, change);
    await this.watch.refresh();
    return result;
  }
}

/** {@link ConfigurationChanges.make}, where nobody waits for this process's own snapshot. */
export async function changeConfiguration<T>(
  database: NotificationsDatabase,
  actor: Actor,
  change: (change: ConfigurationChange) => Promise<T>,
): Promise<T> {
  return database.transaction(async (client) => {
    // The row is locked from here to the end.
    const { rows } = await client.query<{ version: string }>(
      'UPDATE notifications.configuration SET version = version + 1 RETURNING version',
    );
    const version = BigInt(rows[0]?.version ?? 0);
    const result = await change({
      client,
      version,
      audit: ({ after, ...entry }) =>
        writeAudit(client, {
          ...entry,
          actor: { id: actor.id, name: actor.name },
          after: { ...(after ?? { deleted: true }), configuration_version: Number(version) },
        }),
    });
    await client.query('SELECT pg_notify($1, $2)', [CONFIGURATION_CHANNEL, String(version)]);
    return result;
  });
}
