import type { AuditEntry } from './audit-entry.js';

/** As much of a database connection as writing takes: `pg`'s clients and TypeORM's managers and runners are such. */
export interface AuditConnection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/**
 * Writes an entry into the audit log, which can never be changed again.
 * @param connection in the transaction that makes the change: both are stored, or neither
 */
export async function writeAudit(connection: AuditConnection, entry: AuditEntry): Promise<void> {
  const { actor, action, subject, before, after } = entry;
  await connection.query(
    `INSERT INTO access.audit (actor_id, actor_name, action, subject, before, after)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb)`,
    [actor.id, actor.name, action, subject, jsonOf(before), jsonOf(after)],
  );
}

function jsonOf(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
