import { hyphenated, QUERY_LIMITS } from '@tidings/catalogue';
import { branchesOf, type Branch } from './event-branches.js';
import type { EventCriteria } from './event-criteria.js';
import type { EventOrder } from './event-filter.js';
import { DICTIONARY_VERSION } from './type-dictionary.js';
import { Values, type Statement, type StatementPart } from './statement.js';

/** What names one event: its uuid as 32 hex digits, or its sequence number, which fits 64 bits. */
export type EventName = { readonly id: string } | { readonly sequence: string };

/** Which of the matching events are taken. */
export interface PageSlice {
  /** In which order they are looked at. */
  readonly order: EventOrder;
  /** Only those behind this id, 32 hex digits, in that order. */
  readonly behind?: string;
  readonly offset?: number;
  /** How many; `remainder`: as many as the last of pages of that size has. */
  readonly limit: number | { readonly remainder: number };
  /** Count the matching events too, up to so many; undefined: do not. */
  readonly countUpTo?: number;
  /** Count them by this instead; one row with the column `total`. */
  readonly countBy?: StatementPart;
  /** How many bytes of the events come along; of those behind only the places are told. */
  readonly bytes?: number;
}

/**
 * Some of the matching events and how many match, of one snapshot. Its columns are `total` (null where it is not asked
 * for), `dictionary`, and those of an event; a page without events is one row in which the event's columns are null, and
 * where there are more bytes than are asked for, those that can be large are null.
 */
export function pageStatement(criteria: EventCriteria, slice: PageSlice): Statement {
  const { order, behind, offset = 0, limit, bytes = QUERY_LIMITS.pageBytes.value } = slice;
  const values = new Values();
  const branches = branchesOf(criteria, values);
  const [direction, comparison] = order === 'newest-first' ? ['DESC', '<'] : ['ASC', '>'];
  const beside = behind === undefined ? [] : [`id ${comparison} ${values.add(hyphenated(behind))}`];
  const taken = branches.map((branch) => [...branch, ...beside]);
  const text = `
    WITH matching AS (${counting(slice, branches, values)})
    SELECT matching.total, ${DICTIONARY_VERSION} AS dictionary,
      page.id, page.type_id, page.source_id, page.outcome, page.conforming, page.bytes::float8 AS bytes,
      ${LARGE_COLUMNS.map((column) => `CASE WHEN page.bytes <= ${literal(bytes)} THEN page.${column}::text END AS ${column}`).join(', ')}
    FROM matching LEFT JOIN (
      SELECT ${EVENT_COLUMNS}, ${bytesInOrder(`id ${direction}`, literal(bytes))} AS bytes
      FROM (
        SELECT ${EVENT_COLUMNS} FROM ${selection(EVENT_COLUMNS, taken)}
        ORDER BY id ${direction} LIMIT ${limitOf(limit, values)}${offset === 0 ? '' : ` OFFSET ${values.add(offset)}`}
      ) AS taken
    ) AS page ON true
    ORDER BY page.id ${direction}`;
  return { text, values: values.list, isReusable: offset === 0 && typeof limit === 'number' && isUnfiltered(criteria) };
}

function counting({ countUpTo, countBy }: PageSlice, branches: readonly Branch[], values: Values): string {
  if (countBy !== undefined) return countBy(values);
  if (countUpTo === undefined) return 'SELECT NULL::bigint AS total';
  return `SELECT count(*) AS total FROM (SELECT FROM ${selection('1', branches)} LIMIT ${literal(countUpTo)}) AS counted`;
}

/**
 * Whether nothing narrows, so that the events are read in the order of their ids from wherever the page begins. A filter
 * is served well by one index or another, depending on how many events its very values have.
 */
function isUnfiltered({ owners, ...others }: EventCriteria): boolean {
  return owners.length === 0 && Object.values(others).every((criterion) => criterion === undefined);
}

/** A number of ours. The planner has to see how few are wanted, also where it plans for all values at once. */
function literal(count: number): string {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is no count of rows`);
  return String(count);
}

const PLAIN_COLUMNS = 'id, type_id, source_id, event_id, subject, outcome, conforming, message';
const EVENT_COLUMNS = `${PLAIN_COLUMNS}, data, attributes`;
const LARGE_COLUMNS = ['event_id', 'subject', 'message', 'data', 'attributes'] as const;

/** How many bytes the events have up to each, in an order; behind the bound they are not counted any more. */
function bytesInOrder(order: string, bound: string): string {
  const others = 'octet_length(event_id) + octet_length(message) + coalesce(octet_length(subject), 0)';
  return `events.bytes_up_to(data, attributes, ${others}, ${bound}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING)`;
}

/** The first of the events of these ids, 32 hex digits, in the order of the ids that has so many bytes, one at least. */
export function eventsStatement(ids: readonly string[], bytes: number): Statement {
  return {
    text: `SELECT ${PLAIN_COLUMNS}, data::text AS data, attributes::text AS attributes FROM (
        SELECT *, ${bytesInOrder('place', '$2')} AS bytes FROM (
          SELECT ${EVENT_COLUMNS}, array_position($1::uuid[], id) AS place FROM events.event WHERE id = ANY($1::uuid[])
        ) AS asked
      ) AS measured WHERE bytes <= $2 OR place = 1 ORDER BY place`,
    values: [ids.map(hyphenated), bytes],
    isReusable: true,
  };
}

function limitOf(limit: PageSlice['limit'], values: Values): string {
  if (typeof limit === 'number') return literal(limit);
  const size = values.add(limit.remainder);
  return `(SELECT (greatest(total, 1) - 1) % ${size} + 1 FROM matching)`;
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
    text: `SELECT ${PLAIN_COLUMNS}, data::text AS data, attributes::text AS attributes FROM ${selection(EVENT_COLUMNS, branches)} LIMIT 1`,
    values: values.list,
  };
}

function selection(columns: string, branches: readonly Branch[]): string {
  const selects = branches.map(
    (branch) => `SELECT ${columns} FROM events.event${branch.length === 0 ? '' : ` WHERE ${branch.join(' AND ')}`}`,
  );
  return `(${selects.join(' UNION ALL ')}) AS event`;
}
