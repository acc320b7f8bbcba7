import type { SourceFilter } from './source-filter.js';
import type { LastSwitch, ListedSource, ListedTopic, SourceMetrics } from './source-queries.js';

/** All that is known of a source. */
export interface SourceRow {
  readonly source: ListedSource;
  /** Undefined: not one of the systems', but made by somebody. */
  readonly system: string | undefined;
  readonly topics: readonly string[];
  /** Undefined: not known yet. */
  readonly metrics: SourceMetrics | undefined;
  /** Undefined: nobody may know, or it is as it was made. */
  readonly lastSwitch: LastSwitch | undefined;
}

const HOUR_MS = 3_600_000;

/** Puts together what the answers say of each source. */
export function sourceRows(
  sources: readonly ListedSource[],
  topics: readonly ListedTopic[],
  metrics: ReadonlyMap<string, SourceMetrics> | undefined,
  switches: ReadonlyMap<string, LastSwitch> | undefined,
): readonly SourceRow[] {
  return sources.map((source) => ({
    source,
    system: systemOf(source.id),
    topics: topics.filter(({ sources_names: names }) => names.includes(source.name)).map(({ name }) => name),
    metrics: metrics?.get(source.id),
    lastSwitch: switches?.get(source.id),
  }));
}

/** The system that a source of the house is for, by the end of its id. */
export function systemOf(id: string): string | undefined {
  return /:source:([a-z0-9-]+)$/.exec(id)?.[1];
}

/** @param now milliseconds */
export function passes(row: SourceRow, filter: SourceFilter, search: string, now: number): boolean {
  const { source, system = '' } = row;
  const text = `${source.name} ${source.description} ${system}`.toLowerCase();
  return text.includes(search.trim().toLowerCase()) && PASSES[filter](row, now);
}

const PASSES: Readonly<Record<SourceFilter, (row: SourceRow, now: number) => boolean>> = {
  all: () => true,
  on: ({ source }) => source.enabled,
  off: ({ source }) => !source.enabled,
  silent: ({ metrics }, now) => {
    const last = metrics?.last_event_at;
    return last === undefined || last === null || now - Date.parse(last) > HOUR_MS;
  },
  bare: ({ source }) => source.topic_count === 0,
};

/** What came in one of the last 24 hours. */
export interface HourBar {
  readonly received: number;
  readonly suppressed: number;
}

/** The last 24 hours, oldest first, those without events among them. @param now milliseconds */
export function hourBars(metrics: SourceMetrics | undefined, now: number): readonly HourBar[] {
  const present = Math.floor(now / HOUR_MS);
  const byHour = new Map((metrics?.hours ?? []).map((hour) => [Math.floor(Date.parse(hour.hour) / HOUR_MS), hour]));
  return Array.from({ length: 24 }, (_, index) => byHour.get(present - 23 + index) ?? { received: 0, suppressed: 0 });
}

/** How many events were not sent on since a source was switched off. @param since as the API says times */
export function suppressedSince(metrics: SourceMetrics | undefined, since: string): number {
  const first = Math.floor(Date.parse(since) / HOUR_MS);
  return (metrics?.hours ?? [])
    .filter(({ hour }) => Math.floor(Date.parse(hour) / HOUR_MS) >= first)
    .reduce((sum, { suppressed }) => sum + suppressed, 0);
}
