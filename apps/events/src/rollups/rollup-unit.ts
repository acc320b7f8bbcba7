/** What events are counted by ahead, finest first; a unit's place is its number in the tables. */
export const ROLLUP_UNITS = ['hour', 'day', 'month'] as const;
export type RollupUnit = (typeof ROLLUP_UNITS)[number];

const HOUR_MICROS = 3_600_000_000n;
const DAY_MICROS = 24n * HOUR_MICROS;

export function unitNumber(unit: RollupUnit): number {
  return ROLLUP_UNITS.indexOf(unit);
}

/** The first instant of the unit in which this one lies; microseconds since the Unix epoch. */
export function floorTo(unit: RollupUnit, micros: bigint): bigint {
  if (unit !== 'month') return floorBy(unit === 'hour' ? HOUR_MICROS : DAY_MICROS, micros);
  const date = dateOf(micros);
  return monthStart(date.getUTCFullYear(), date.getUTCMonth());
}

/** The first instant of a unit that is not before this one. */
export function ceilTo(unit: RollupUnit, micros: bigint): bigint {
  const floor = floorTo(unit, micros);
  if (floor === micros) return floor;
  if (unit !== 'month') return floor + (unit === 'hour' ? HOUR_MICROS : DAY_MICROS);
  const date = dateOf(floor);
  return monthStart(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

function floorBy(size: bigint, micros: bigint): bigint {
  // The remainder of a time before 1970 is negative.
  return micros - (((micros % size) + size) % size);
}

function dateOf(micros: bigint): Date {
  return new Date(Number(floorBy(1000n, micros) / 1000n));
}

function monthStart(year: number, month: number): bigint {
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for those of the last century.
  date.setUTCFullYear(year, month, 1);
  return BigInt(date.getTime()) * 1000n;
}
