import { type Actor, writeAudit } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import type { PoolClient } from 'pg';
import type { ConnectorRecord, ConnectorReport } from './connector-record.js';
import type { ConnectorSettings } from './connector-settings.js';
import type { GatewayDatabase } from './gateway-database.store.js';

const COLUMNS = `name, kind, paused_at AS "pausedAt", paused_by AS "pausedBy", resumed_at AS "resumedAt",
  covered_until AS "coveredUntil", state, state_since AS "stateSince", holder, reported_at AS "reportedAt",
  events::float8, rejected::float8, failures::float8, gaps::float8, last_event_at AS "lastEventAt",
  last_event_time AS "lastEventTime", lag_seconds AS "lagSeconds", last_error AS "lastError",
  last_error_at AS "lastErrorAt"`;

/** Keeps what is remembered of connectors. */
export class ConnectorRepository {
  constructor(private readonly database: GatewayDatabase) {}

  /** Makes rows for connectors that have none. One whose kind was changed begins anew. */
  async register(connectors: readonly Pick<ConnectorSettings, 'name' | 'kind'>[]): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO gateway.connector AS kept (name, kind) SELECT * FROM unnest($1::text[], $2::text[])
      ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, position = NULL, covered_until = NULL
      WHERE kept.kind <> excluded.kind`,
      [connectors.map(({ name }) => name), connectors.map(({ kind }) => kind)],
    );
  }

  /** Those of these names. */
  async records(names: readonly string[]): Promise<readonly ConnectorRecord[]> {
    const { rows } = await this.database.pool.query<ConnectorRecord>(
      `SELECT ${COLUMNS} FROM gateway.connector WHERE name = ANY($1::text[])`,
      [names],
    );
    return rows;
  }

  /** Adds to what is told of one. @param holder the process that runs it; undefined: many take part in it */
  async report(name: string, report: ConnectorReport, holder?: string): Promise<void> {
    const { lastError } = report;
    await this.database.pool.query(
      `UPDATE gateway.connector SET reported_at = now(), holder = $2, state = $3, state_since = $4,
        events = events + $5, rejected = rejected + $6, failures = failures + $7, gaps = gaps + $8,
        last_event_at = greatest(last_event_at, $9), last_event_time = coalesce($10, last_event_time),
        lag_seconds = $11, covered_until = greatest(covered_until, $12),
        last_error = coalesce($13, last_error), last_error_at = coalesce($14, last_error_at)
      WHERE name = $1`,
      [
        ...[name, holder, report.state, report.stateSince],
        ...[report.events, report.rejected, report.failures, report.gaps],
        ...[report.lastEventAt, report.lastEventTime, report.lagSeconds, report.coveredUntil],
        ...[lastError?.message, lastError?.at],
      ],
    );
  }

  /** Where a connector goes on; undefined where it never was anywhere. */
  async position(name: string): Promise<unknown> {
    const { rows } = await this.database.pool.query<{ position: unknown }>(
      'SELECT position FROM gateway.connector WHERE name = $1',
      [name],
    );
    return rows[0]?.position ?? undefined;
  }

  async savePosition(name: string, position: object): Promise<void> {
    await this.database.pool.query('UPDATE gateway.connector SET position = $2 WHERE name = $1', [
      name,
      JSON.stringify(position),
    ]);
  }

  /**
   * Says that a hook is there.
   * @param look called before that is kept, with what was known until then: for what has to be told first
   */
  async cover(name: string, look: (record: ConnectorRecord) => Promise<void>): Promise<void> {
    await this.database.transaction(async (client) => {
      await look(await lockedRecord(client, name));
      await client.query(
        'UPDATE gateway.connector SET covered_until = greatest(covered_until, $2::timestamptz) WHERE name = $1',
        [name, new Date()],
      );
    });
  }

  /** Pauses or goes on, and keeps who did it. What is so already stays as it is. @throws {DomainError} `not_found` */
  async setPaused(name: string, isPaused: boolean, actor: Actor): Promise<void> {
    await this.database.transaction(async (client) => {
      const { pausedAt } = await lockedRecord(client, name);
      if ((pausedAt !== null) === isPaused) return;
      await client.query(
        isPaused
          ? 'UPDATE gateway.connector SET paused_at = now(), paused_by = $2 WHERE name = $1'
          : 'UPDATE gateway.connector SET paused_at = NULL, paused_by = NULL, resumed_at = now() WHERE name = $1 AND $2::text IS NOT NULL',
        [name, actor.name],
      );
      await writeAudit(client, {
        actor: { id: actor.id, name: actor.name },
        action: isPaused ? 'connector.pause' : 'connector.resume',
        subject: `connector:${name}`,
        before: { paused: !isPaused },
        after: { paused: isPaused },
      });
    });
  }
}

async function lockedRecord(client: PoolClient, name: string): Promise<ConnectorRecord> {
  const { rows } = await client.query<ConnectorRecord>(
    `SELECT ${COLUMNS} FROM gateway.connector WHERE name = $1 FOR UPDATE`,
    [name],
  );
  const [record] = rows;
  if (record === undefined) throw new DomainError('not_found');
  return record;
}
