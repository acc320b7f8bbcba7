import type { QueryResultRow } from 'pg';
import type { Queryable } from '../configuration/configuration-changes.store.js';
import type { ListPage, ListQuery } from './list.dto.js';

/** A list as a statement. */
export interface ListStatement {
  readonly columns: string;
  readonly from: string;
  /** The searched text is `$1`, null for none; the list's own values follow from `$2` on. */
  readonly where: string;
  readonly order: string;
}

/** Conditions that hold where no text is searched for, or the row has it. */
export const SEARCHED = {
  byName: '($1::text IS NULL OR position(lower($1) IN lower(name)) > 0)',
  byText:
    '($1::text IS NULL OR position(lower($1) IN lower(name)) > 0 OR position(lower($1) IN lower(description)) > 0)',
} as const;

/** Reads a part of a list, and how long the whole is. */
export async function readPage<T extends QueryResultRow>(
  on: Queryable,
  { columns, from, where, order }: ListStatement,
  values: readonly unknown[],
  { limit, offset, search }: ListQuery,
): Promise<ListPage<T>> {
  const all = [search ?? null, ...values];
  const counted = await on.query<{ total: number }>(`SELECT count(*)::int AS total FROM ${from} WHERE ${where}`, all);
  const { rows } = await on.query<T>(
    `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY ${order}
    LIMIT $${all.length + 1} OFFSET $${all.length + 2}`,
    [...all, limit, offset],
  );
  return { total: counted.rows[0]?.total ?? 0, entries: rows };
}
