import { firstUuidAt, timeOfUuid } from '@tidings/catalogue';
import type { CountInterval } from '../query/event-counts.js';
import type { EventCriteria } from '../query/event-criteria.js';
import { ceilTo, floorTo, ROLLUP_UNITS, type RollupUnit } from './rollup-unit.js';

/** A stretch of time, microseconds since the Unix epoch; an end that is missing is open. */
export interface TimeRange {
  readonly from?: bigint;
  readonly to?: bigint;
}

export interface RolledRange extends TimeRange {
  readonly unit: RollupUnit;
}

/** How a question is answered: each range by what is counted in it, and the edges that are no whole unit by their rows. */
export interface RollupPlan {
  readonly table: 'rollup' | 'rollup_tenant';
  readonly rolled: readonly RolledRange[];
  readonly edges: readonly TimeRange[];
}

/** Which units add up to an interval, coarsest first. */
const UNITS_OF: Readonly<Record<CountInterval, readonly RollupUnit[]>> = {
  hour: ['hour'],
  day: ['day', 'hour'],
  week: ['day', 'hour'],
  month: ['month', 'day', 'hour'],
};
const ALL_UNITS = [...ROLLUP_UNITS].reverse();

/**
 * @param interval what the counts are told apart by; undefined: one count of all
 * @returns undefined when the roll-ups do not know what is asked for
 */
export function rollupPlanOf(criteria: EventCriteria, interval?: CountInterval): RollupPlan | undefined {
  const table = tableFor(criteria);
  if (table === undefined) return undefined;
  const units = interval === undefined ? ALL_UNITS : UNITS_OF[interval];
  const kept = table === 'rollup' ? units : units.filter((unit) => unit !== 'hour');
  const { rolled, edges } = divided(rangeOf(criteria), kept);
  return rolled.length === 0 ? undefined : { table, rolled, edges };
}

function tableFor(criteria: EventCriteria): RollupPlan['table'] | undefined {
  if (!hasOnlyCounted(criteria)) return undefined;
  const { owners, visible } = criteria;
  const [owner, another] = owners;
  if (another !== undefined) return undefined;
  if (owner !== undefined) {
    const isKnown =
      owner.role === 'tenant' && (visible ?? []).every(({ role }) => role === undefined || role === 'tenant');
    return isKnown ? 'rollup_tenant' : undefined;
  }
  if (visible === undefined || visible.every(({ role }) => role === undefined)) return 'rollup';
  return visible.every(({ role }) => role === 'tenant') ? 'rollup_tenant' : undefined;
}

/** Named one by one, so that a criterion that comes later is not taken for counted. */
function hasOnlyCounted({ firstId, endId, typeIds, sourceIds, owners, visible, ...others }: EventCriteria): boolean {
  void [firstId, endId, typeIds, sourceIds, owners, visible];
  return Object.values(others).every((criterion) => criterion === undefined);
}

/** The stretch that criteria are bounded to. */
export function rangeOf({ firstId, endId }: EventCriteria): TimeRange {
  return {
    ...(firstId !== undefined && { from: timeOfUuid(firstId) }),
    ...(endId !== undefined && { to: timeOfUuid(endId) }),
  };
}

/** The same criteria in another stretch. */
export function within({ firstId, endId, ...criteria }: EventCriteria, { from, to }: TimeRange): EventCriteria {
  void [firstId, endId];
  return {
    ...criteria,
    ...(from !== undefined && { firstId: firstUuidAt(from) }),
    ...(to !== undefined && { endId: firstUuidAt(to) }),
  };
}

function divided(range: TimeRange, units: readonly RollupUnit[]): Pick<RollupPlan, 'rolled' | 'edges'> {
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to) return { rolled: [], edges: [] };
  const [unit, ...finer] = units;
  if (unit === undefined) return { rolled: [], edges: [range] };
  const from = range.from === undefined ? undefined : ceilTo(unit, range.from);
  const to = range.to === undefined ? undefined : floorTo(unit, range.to);
  if (from !== undefined && to !== undefined && from >= to) return divided(range, finer);
  const before = from === undefined ? NOTHING : divided({ ...bound('from', range.from), to: from }, finer);
  const after = to === undefined ? NOTHING : divided({ from: to, ...bound('to', range.to) }, finer);
  return {
    rolled: [...before.rolled, { unit, ...bound('from', from), ...bound('to', to) }, ...after.rolled],
    edges: [...before.edges, ...after.edges],
  };
}

const NOTHING = { rolled: [], edges: [] } as const;

function bound(end: 'from' | 'to', micros: bigint | undefined): TimeRange {
  return micros === undefined ? {} : { [end]: micros };
}
