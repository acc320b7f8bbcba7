import { hyphenated } from '@tidings/catalogue';
import { conditionsOf, oneOf } from './event-conditions.js';
import type { EventCriteria } from './event-criteria.js';
import type { Values } from './statement.js';
import type { VisibleRows } from './visible.js';

/** Conditions that are ANDed. */
export type Branch = readonly string[];

/** Each branch costs the planner a look at every partition. */
const MAX_BRANCHES = 6;

/** Sets of conditions of which each matching event meets exactly one. */
export function branchesOf(criteria: EventCriteria, values: Values): readonly Branch[] {
  const common = conditionsOf(criteria, values);
  const seen = visibleBranches(criteria, values);
  if (criteria.relatedUser === undefined) return seen.map((branch) => [...common, ...branch]);
  // Two index scans that are merged in the order of the ids; `actor = x OR related_user = x` would be a scan of
  // everything, or a sort of everything of that user.
  const user = values.add(hyphenated(criteria.relatedUser));
  return [[`actor = ${user}`], [`related_user = ${user}`, `actor IS DISTINCT FROM ${user}`]].flatMap((related) =>
    seen.map((branch) => [...common, ...related, ...branch]),
  );
}

/**
 * What the caller may see. For a few things each has a scan of its own in the order of the ids, and leaves out what the
 * ones before it have. Where the query narrows by an index anyway, or there are many, it is one condition.
 */
function visibleBranches(criteria: EventCriteria, values: Values): readonly Branch[] {
  const { visible, owners, relatedUser, personalToken } = criteria;
  if (visible === undefined) return [[]];
  const single = visible.flatMap(eachKey);
  const isNarrow = owners.length > 0 || relatedUser !== undefined || personalToken !== undefined;
  const parts = single.length <= MAX_BRANCHES ? single : visible;
  const conditions = parts.map((part) => conditionOf(part, values));
  if (isNarrow || conditions.length > MAX_BRANCHES) return [[`(${conditions.join(' OR ')})`]];
  return conditions.map((condition, index) => [
    condition,
    // Not simply NOT: a row without a tenant is none of the tenant's.
    ...conditions.slice(0, index).map((earlier) => `(${earlier}) IS NOT TRUE`),
  ]);
}

function eachKey(part: VisibleRows): readonly VisibleRows[] {
  return part.keys === undefined ? [part] : part.keys.map((key) => ({ ...part, keys: [key] }));
}

function conditionOf(part: VisibleRows, values: Values): string {
  const { role, keys } = part;
  const conditions = [
    ...(role === undefined ? [] : [keys === undefined ? `${role} IS NOT NULL` : ownedBy(role, keys, values)]),
    ...placeConditions(part, values),
  ];
  // Something that is not bounded at all would be everything.
  return conditions.length === 0 ? 'false' : conditions.join(' AND ');
}

/** Of which types and sources what a caller may see is. */
export function placeConditions({ typeIds, sourceIds, system, site }: VisibleRows, values: Values): readonly string[] {
  return [
    ...(typeIds === undefined ? [] : [oneOf('type_id', 'integer', typeIds, values)]),
    ...(sourceIds === undefined ? [] : [oneOf('source_id', 'integer', sourceIds, values)]),
    ...(system === undefined
      ? []
      : [`type_id IN (SELECT id FROM events.event_type WHERE system = ${values.add(system)})`]),
    ...(site === undefined ? [] : [`source_id IN (SELECT id FROM events.source WHERE site = ${values.add(site)})`]),
  ];
}

function ownedBy(role: string, keys: readonly string[], values: Values): string {
  return oneOf(role, 'uuid', keys.map(hyphenated), values);
}
