import { hyphenated } from '@tidings/catalogue';
import type { PageRequest } from '../paging/page-request.js';
import { branchesOf, type Branch } from './event-branches.js';
import type { EventCriteria } from './event-criteria.js';
import type { EventOrder } from './event-filter.js';
import { Values, type Statement } from './statement.js';

/** What names one event: its uuid as 32 hex digits, or its sequence number, which fits 64 bits. */
export type EventName = { readonly id: string } | { readonly sequence: string };

/**
 * One page of the matching events and how many match, of one snapshot. Its columns are `total` and those of an event;
 * a page without events is one row in which the event's columns are null.
 */
export function pageStatement(criteria: EventCriteria, order: EventOrder, page: PageRequest): Statement {
  const values = new Values();
  const branches = branchesOf(criteria, values);
  const direction = order === 'newest-first' ? 'DESC' : 'ASC';
  const size = values.add(page.size);
  const offset =
    page.number === 'last'
      ? `(SELECT greatest((total - 1) / ${size} * ${size}, 0) FROM matching)`
      : values.add(Math.min((page.number - 1) * page.size, Number.MAX_SAFE_INTEGER));
  const text = `
    WITH matching AS (SELECT count(*) AS total FROM ${selection('1', branches)})
    SELECT matching.total, page.id, page.type_id, page.message, page.data::text AS data
    FROM matching LEFT JOIN (
      SELECT id, type_id, message, data FROM ${selection('id, type_id, message, data', branches)}
      ORDER BY id ${direction} LIMIT ${size} OFFSET ${offset}
    ) AS page ON true
    ORDER BY page.id ${direction}`;
  return { text, values: values.list };
}

/** How many events match, in the column `total`. */
export function countStatement(criteria: EventCriteria): Statement {
  const values = new Values();
  const text = `SELECT count(*) AS total FROM ${selection('1', branchesOf(criteria, values))}`;
  return { text, values: values.list };
}

/** Whether any event matches, in the column `any`. */
export function anyStatement(criteria: EventCriteria): Statement {
  const values = new Values();
  return {
    text: `SELECT EXISTS (SELECT FROM ${selection('1', branchesOf(criteria, values))}) AS any`,
    values: values.list,
  };
}

/** The event of an id (32 hex digits) or of a sequence number, when the criteria allow it. */
export function singleStatement(by: EventName, criteria: EventCriteria): Statement {
  const values = new Values();
  const name = 'id' in by ? `id = ${values.add(hyphenated(by.id))}` : `sequence = ${values.add(by.sequence)}`;
  const branches = branchesOf(criteria, values).map((branch) => [name, ...branch]);
  return {
    text: `SELECT id, type_id, message, data::text AS data FROM ${selection('id, type_id, message, data', branches)} LIMIT 1`,
    values: values.list,
  };
}

function selection(columns: string, branches: readonly Branch[]): string {
  const selects = branches.map(
    (branch) => `SELECT ${columns} FROM events.event${branch.length === 0 ? '' : ` WHERE ${branch.join(' AND ')}`}`,
  );
  return `(${selects.join(' UNION ALL ')}) AS event`;
}
