import { hyphenated } from '@tidings/catalogue';
import type { PageRequest } from '../paging/page-request.js';
import type { EventCriteria } from './event-criteria.js';
import type { EventOrder } from './event-filter.js';

/** SQL with its values apart: nothing of a request is ever part of the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

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

/** The event of an id (32 hex digits) or of a sequence number. */
export function singleStatement(by: { readonly id: string } | { readonly sequence: string }): Statement {
  const [condition, value] = 'id' in by ? ['id = $1', hyphenated(by.id)] : ['sequence = $1', by.sequence];
  return {
    text: `SELECT id, type_id, message, data::text AS data FROM events.event WHERE ${condition} LIMIT 1`,
    values: [value],
  };
}

/** Conditions that are ANDed. */
type Branch = readonly string[];

function selection(columns: string, branches: readonly Branch[]): string {
  const selects = branches.map(
    (branch) => `SELECT ${columns} FROM events.event${branch.length === 0 ? '' : ` WHERE ${branch.join(' AND ')}`}`,
  );
  return `(${selects.join(' UNION ALL ')}) AS event`;
}

/** Sets of conditions of which each matching event meets exactly one. */
function branchesOf(criteria: EventCriteria, values: Values): readonly Branch[] {
  const common = conditionsOf(criteria, values);
  if (criteria.relatedUser === undefined) return [common];
  // Two index scans that are merged in the order of the ids; `actor = x OR related_user = x` would be a scan of
  // everything, or a sort of everything of that user.
  const user = values.add(hyphenated(criteria.relatedUser));
  return [
    [...common, `actor = ${user}`],
    [...common, `related_user = ${user}`, `actor IS DISTINCT FROM ${user}`],
  ];
}

function conditionsOf(criteria: EventCriteria, values: Values): Branch {
  const conditions: string[] = [];
  // Bounds of the id rather than of the time: the id is what the table is partitioned and indexed by.
  if (criteria.firstId !== undefined) conditions.push(`id >= ${values.add(hyphenated(criteria.firstId))}`);
  if (criteria.endId !== undefined) conditions.push(`id < ${values.add(hyphenated(criteria.endId))}`);
  if (criteria.typeIds !== undefined) conditions.push(oneOf('type_id', 'integer', criteria.typeIds, values));
  for (const { role, key } of criteria.owners) conditions.push(`${role} = ${values.add(hyphenated(key))}`);
  if (criteria.personalToken !== undefined) {
    conditions.push(oneOf('personal_token', 'text', criteria.personalToken, values));
  }
  if (criteria.authMethod !== undefined) conditions.push(`auth_method = ${values.add(criteria.authMethod)}`);
  if (criteria.message !== undefined) conditions.push(`message ILIKE ${values.add(containing(criteria.message))}`);
  return conditions;
}

/** A list of one is said as an equality: only then does an index on the column and the id give the order of the ids. */
function oneOf(column: string, type: string, candidates: readonly unknown[], values: Values): string {
  const [only] = candidates;
  if (candidates.length === 1) return `${column} = ${values.add(only)}`;
  return `${column} = ANY(${values.add(candidates)}::${type}[])`;
}

/** A pattern of LIKE for texts that contain this one literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Numbers the values of a statement. */
class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}
