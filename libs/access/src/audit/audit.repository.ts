import { Injectable } from '@nestjs/common';
import { AccessDatabase } from '../access-database.store.js';
import type { AuditFilter, KeptAuditEntry } from './audit-entry.js';
import type { PageRequest } from '@tidings/runtime';
import { type ListPage, sliceOf } from '../list-page.js';

interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Reads the audit log. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: AccessDatabase) {}

  /** Newest first. */
  async page(filter: AuditFilter, slice: PageRequest): Promise<ListPage<KeptAuditEntry>> {
    const { condition, values } = conditionOf(filter);
    const { pool } = this.database;
    const counted = await pool.query<{ total: string }>(
      `SELECT count(*) AS total FROM access.audit WHERE ${condition}`,
      values,
    );
    const total = Number(counted.rows[0]?.total ?? 0);
    const { limit, offset } = sliceOf(slice, total);
    const { rows } = await pool.query<AuditRow>(
      `SELECT id, at, actor_id, actor_name, action, subject, before, after FROM access.audit WHERE ${condition}
      ORDER BY id DESC LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
      [...values, limit, offset],
    );
    return { total, entries: rows.map(entryOf) };
  }
}

function conditionOf({ actors, actions, subjects, createdFrom, createdTo }: AuditFilter) {
  const values: unknown[] = [];
  const conditions = ['true'];
  if (actors !== undefined) conditions.push(`actor_id = ANY($${values.push(actors)}::text[])`);
  if (actions !== undefined) conditions.push(`action = ANY($${values.push(actions)}::text[])`);
  if (subjects !== undefined) conditions.push(`subject = ANY($${values.push(subjects)}::text[])`);
  // Compared as numbers, because seconds may lie beyond what a timestamp can say.
  if (createdFrom !== undefined) conditions.push(`extract(epoch FROM at) >= $${values.push(String(createdFrom))}`);
  if (createdTo !== undefined) conditions.push(`extract(epoch FROM at) < $${values.push(String(createdTo))}`);
  return { condition: conditions.join(' AND '), values };
}

function entryOf({ id, at, actor_id, actor_name, action, subject, before, after }: AuditRow): KeptAuditEntry {
  return { id, at, actor: { id: actor_id, name: actor_name }, action, subject, before, after };
}
