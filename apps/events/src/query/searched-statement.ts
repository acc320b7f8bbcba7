import { branchesOf } from './event-branches.js';
import type { EventCriteria } from './event-criteria.js';
import { Values, type Statement } from './statement.js';

export interface SearchedCount {
  /** Up to how many are counted; undefined: all. */
  readonly upTo?: number;
  /** Only rows of this transaction or later ones. */
  readonly since?: string;
}

/**
 * How many events match any of the criteria, which exclude each other: `total`; how many of them are of transactions
 * that have ended, so that none of those will ever have more: `settled`; and the first that may not have: `transaction`.
 */
export function searchedCountStatement(
  parts: readonly EventCriteria[],
  { upTo, since }: SearchedCount = {},
): Statement {
  const values = new Values();
  const beside = since === undefined ? [] : [`transaction >= ${values.add(since)}::xid8`];
  const selects = parts
    .flatMap((criteria) => branchesOf(criteria, values))
    .map((branch) => {
      const conditions = [...branch, ...beside];
      return `SELECT transaction FROM events.event${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
    });
  // Without a part there is nothing to count, and still a position.
  const counted = selects.length === 0 ? 'SELECT NULL::xid8 AS transaction WHERE false' : selects.join(' UNION ALL ');
  const text = `SELECT count(*)::float8 AS total,
      (count(*) FILTER (WHERE transaction < ${SETTLED}))::float8 AS settled, ${SETTLED}::text AS transaction
    FROM (${counted}${upTo === undefined ? '' : ` LIMIT ${values.add(upTo)}`}) AS matching`;
  return { text, values: values.list };
}

const SETTLED = 'pg_snapshot_xmin(pg_current_snapshot())';
