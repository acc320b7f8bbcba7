import { invalidQuery } from '@tidings/runtime';
import type { CountInterval } from '../query/event-counts.js';

/** Whole buckets; milliseconds since the Unix epoch. */
export interface HistogramWindow {
  /** The first instant of each bucket, oldest first. */
  readonly starts: readonly number[];
  /** The first instant behind the last. */
  readonly end: number;
}

/** How many buckets one answer has at most, and how many where nobody says from when on. */
const BUCKETS: Readonly<Record<CountInterval, { readonly most: number; readonly usual: number }>> = {
  hour: { most: 31 * 24, usual: 48 },
  day: { most: 1_100, usual: 90 },
  week: { most: 1_100, usual: 52 },
  month: { most: 1_200, usual: 24 },
};
const DAY_MS = 24 * 60 * 60 * 1000;
/** Beyond, RFC 3339 has no years; and some room for whole buckets. */
const EARLIEST_MS = Date.parse('0003-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9998-12-31T23:59:59Z');

/**
 * The buckets of a stretch of time, widened to whole ones.
 * @param from microseconds since the Unix epoch
 * @param to microseconds since the Unix epoch; undefined: up to now
 * @throws {DomainError} `invalid_query` when they would be too many
 */
export function histogramWindow(
  interval: CountInterval,
  { from, to }: { readonly from?: bigint; readonly to?: bigint },
  now: number,
): HistogramWindow {
  const { most, usual } = BUCKETS[interval];
  const last = to === undefined ? bucketOf(interval, now) : bucketOf(interval, clamped(to - 1n));
  const end = later(interval, last, 1);
  const first = from === undefined ? later(interval, last, 1 - usual) : bucketOf(interval, clamped(from));
  const starts: number[] = [];
  for (let start = first; start < end; start = later(interval, start, 1)) {
    if (starts.length === most) {
      const problem = `must be at most ${most} buckets of one ${interval} before created_to; ask for a later one or a longer interval`;
      throw invalidQuery({ created_from: [problem] });
    }
    starts.push(start);
  }
  return { starts, end };
}

/** The first instant of the bucket in which this one lies; weeks begin on Monday. */
function bucketOf(interval: CountInterval, time: number): number {
  const date = new Date(time);
  date.setUTCMinutes(0, 0, 0);
  if (interval !== 'hour') date.setUTCHours(0);
  if (interval === 'month') date.setUTCDate(1);
  return interval === 'week' ? date.getTime() - ((date.getUTCDay() + 6) % 7) * DAY_MS : date.getTime();
}

function later(interval: CountInterval, start: number, count: number): number {
  if (interval !== 'month')
    return start + count * (interval === 'hour' ? DAY_MS / 24 : DAY_MS * (interval === 'day' ? 1 : 7));
  const date = new Date(start);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.getTime();
}

function clamped(micros: bigint): number {
  const milliseconds = Number(micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n);
  return Math.max(EARLIEST_MS, Math.min(LATEST_MS, milliseconds));
}
