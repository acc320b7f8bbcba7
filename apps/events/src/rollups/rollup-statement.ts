import { hyphenated } from '@tidings/catalogue';
import { branchesOf, placeConditions } from '../query/event-branches.js';
import { oneOf } from '../query/event-conditions.js';
import type { CountGrouping } from '../query/event-counts.js';
import type { EventCriteria } from '../query/event-criteria.js';
import { Values, type Statement } from '../query/statement.js';
import { rangeOf, within, type RolledRange, type RollupPlan } from './rollup-plan.js';
import { unitNumber } from './rollup-unit.js';

/**
 * Counts by the roll-ups and, of one snapshot with them, by the rows that are not in them yet.
 * @param watermark one that was read before. The statement itself looks at the present one, which may be later; this one
 *   lets the planner see how few rows lie behind it, and so is never a parameter
 */
export function rolledStatement(
  criteria: EventCriteria,
  plan: RollupPlan,
  watermark: bigint,
  grouping: CountGrouping,
): Statement {
  const values = new Values();
  return { text: summed(rolledParts(criteria, plan, watermark, grouping, values)), values: values.list };
}

/** The count of all in the same way: a select of one row, the column `total`. */
export function rolledTotal(criteria: EventCriteria, plan: RollupPlan, watermark: bigint, values: Values): string {
  const parts = rolledParts(criteria, plan, watermark, undefined, values);
  return `SELECT coalesce(sum(count), 0)::bigint AS total FROM (${parts.join(' UNION ALL ')}) AS counted`;
}

function rolledParts(
  criteria: EventCriteria,
  plan: RollupPlan,
  watermark: bigint,
  grouping: CountGrouping | undefined,
  values: Values,
): readonly string[] {
  const tail = [`transaction >= '${watermark}'::xid8`, 'transaction >= (SELECT transaction FROM events.rollup_state)'];
  return [
    ...plan.rolled.map((range) => rolledPart(criteria, plan.table, range, grouping, values)),
    ...plan.rolled.flatMap((range) => rowParts(within(criteria, range), tail, grouping, values)),
    ...plan.edges.flatMap((range) => rowParts(within(criteria, range), [], grouping, values)),
  ];
}

/** Counts by the rows alone. @param parts exclude each other */
export function rowsStatement(parts: readonly EventCriteria[], grouping: CountGrouping): Statement {
  const values = new Values();
  const counted = parts.flatMap((criteria) => rowParts(criteria, [], grouping, values));
  // Without a part there is nothing to count.
  const none = 'SELECT NULL::timestamptz AS start, NULL::integer AS value, 0::bigint AS count WHERE false';
  return { text: summed(counted.length === 0 ? [none] : counted), values: values.list };
}

function summed(parts: readonly string[]): string {
  return `SELECT (extract(epoch FROM start) * 1000)::float8 AS start, value, sum(count)::float8 AS count
    FROM (${parts.join(' UNION ALL ')}) AS counted GROUP BY counted.start, value`;
}

/** One part; the interval is one of a list, never text of a request. */
function part(grouping: CountGrouping | undefined, count: string, isRolled: boolean, source: string): string {
  if (grouping === undefined) return `SELECT ${count} AS count FROM ${source}`;
  const { interval, field } = grouping;
  const value = field === undefined || (isRolled && field === 'outcome') ? 'NULL::integer' : `${field}::integer`;
  return `SELECT date_trunc('${interval}', time, 'UTC') AS start, ${value} AS value, ${count} AS count FROM ${source} GROUP BY 1, 2`;
}

function rolledPart(
  criteria: EventCriteria,
  table: RollupPlan['table'],
  { unit, from, to }: RolledRange,
  grouping: CountGrouping | undefined,
  values: Values,
): string {
  const conditions = [
    `unit = ${unitNumber(unit)}`,
    ...(from === undefined ? [] : [`time >= ${instant(from, values)}`]),
    ...(to === undefined ? [] : [`time < ${instant(to, values)}`]),
    ...(criteria.typeIds === undefined ? [] : [oneOf('type_id', 'integer', criteria.typeIds, values)]),
    ...(criteria.sourceIds === undefined ? [] : [oneOf('source_id', 'integer', criteria.sourceIds, values)]),
    ...criteria.owners.map(({ key }) => `tenant = ${values.add(hyphenated(key))}`),
    ...(criteria.visible === undefined ? [] : [`(${seen(criteria.visible, values)})`]),
  ];
  return part(grouping, 'sum(count)', true, `events.${table} WHERE ${conditions.join(' AND ')}`);
}

/** Whole hours. By number, because PostgreSQL and JavaScript write years of five digits differently. */
function instant(micros: bigint, values: Values): string {
  return `to_timestamp(${values.add(String(micros / 1_000_000n))}::float8)`;
}

/** In the roll-up by tenants every row has one. */
function seen(visible: NonNullable<EventCriteria['visible']>, values: Values): string {
  const parts = visible.map((part) => {
    const conditions = [
      ...(part.keys === undefined ? [] : [oneOf('tenant', 'uuid', part.keys.map(hyphenated), values)]),
      ...placeConditions(part, values),
    ];
    return conditions.length === 0 ? 'true' : conditions.join(' AND ');
  });
  return parts.length === 0 ? 'false' : parts.join(' OR ');
}

function rowParts(
  criteria: EventCriteria,
  further: readonly string[],
  grouping: CountGrouping | undefined,
  values: Values,
): readonly string[] {
  const { from, to } = rangeOf(criteria);
  if (from !== undefined && to !== undefined && from >= to) return [];
  return branchesOf(criteria, values).map((branch) => {
    const conditions = [...further, ...branch];
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    return part(grouping, 'count(*)', false, `events.event${where}`);
  });
}
