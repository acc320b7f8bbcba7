import type { EventCriteria } from './event-criteria.js';
import type { EventOrder } from './event-filter.js';

/** Whether events are looked for by their text. */
export function isSearched({ message, text }: EventCriteria): boolean {
  return message !== undefined || text !== undefined;
}

/** Ids from `from` to before `to`, 32 hex digits; an end that is missing is open. */
export interface IdRange {
  readonly from?: string;
  readonly to?: string;
}

/** Ids of which one index has the search text. */
export type IndexedRange = Required<IdRange>;

/**
 * Divides all ids into stretches, the newest first: each that an index has, and what lies between. Whatever indexes come
 * and go meanwhile, the stretches hold every event once; an index only makes its own one fast.
 */
export function segmentsOf(indexed: readonly IndexedRange[]): readonly IdRange[] {
  const segments: IdRange[] = [];
  let end: string | undefined;
  for (const { from, to } of withoutCovered(indexed)) {
    if (end === undefined || to < end) segments.push({ from: to, ...(end !== undefined && { to: end }) });
    segments.push({ from, to });
    end = from;
  }
  return [...segments, end === undefined ? {} : { to: end }];
}

/** The latest first; of two that overlap the one that begins earlier, for it is what the other was merged into. */
function withoutCovered(indexed: readonly IndexedRange[]): readonly IndexedRange[] {
  const taken: IndexedRange[] = [];
  const bySize = [...indexed].sort((a, b) => compared(a.from, b.from) || compared(b.to, a.to));
  for (const range of bySize) {
    const last = taken.at(-1);
    if (last === undefined || range.from >= last.to) taken.push(range);
  }
  return taken.reverse();
}

/**
 * The same criteria divided by segments, in the order in which events are looked at.
 * @param behind only events behind this id in that order
 */
export function dividedBy(
  segments: readonly IdRange[],
  criteria: EventCriteria,
  order: EventOrder,
  behind?: string,
): readonly EventCriteria[] {
  const bounds: IdRange = {
    ...(criteria.firstId !== undefined && { from: criteria.firstId }),
    ...(criteria.endId !== undefined && { to: criteria.endId }),
  };
  const beside: IdRange = behind === undefined ? {} : order === 'newest-first' ? { to: behind } : { from: behind };
  const parts = segments.flatMap((segment) => {
    const common = intersection(segment, bounds);
    if (isEmpty(common) || isEmpty(intersection(common, beside))) return [];
    return [
      {
        ...criteria,
        ...(common.from !== undefined && { firstId: common.from }),
        ...(common.to !== undefined && { endId: common.to }),
      },
    ];
  });
  return order === 'newest-first' ? parts : parts.reverse();
}

function intersection(one: IdRange, other: IdRange): IdRange {
  const from = [one.from, other.from]
    .flatMap((id) => id ?? [])
    .sort()
    .at(-1);
  const to = [one.to, other.to].flatMap((id) => id ?? []).sort()[0];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function isEmpty({ from, to }: IdRange): boolean {
  return from !== undefined && to !== undefined && from >= to;
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
