import { STORE_LIMITS, systemOfSource, siteOf, type Catalogue, type EventReader } from '@tidings/catalogue';
import type { Pool, PoolClient } from 'pg';
import type { EventRow } from './event-row.js';

/** How many names there are by system, or by system and site. */
type Counts = Map<string, number>;

/** Sources that name no known system share one room. */
const NO_SYSTEM = '';

/**
 * Bounds the names that whoever sends events can make up: every process keeps them all in memory, and each query of a
 * caller with narrow scopes goes through them. One system or site that makes up names leaves the room of the others alone.
 */
export class NameQuotaRepository {
  constructor(private readonly catalogue: Catalogue) {}

  /**
   * Of rows with new types, one a type; declared ones are always let in.
   * @returns why a type is refused; the others may be added
   */
  async refusedTypes(client: Pool | PoolClient, rows: readonly EventRow[]): Promise<ReadonlyMap<EventReader, string>> {
    const undeclared = rows.filter(({ isDeclared }) => !isDeclared);
    if (undeclared.length === 0) return new Map();
    const systems = [...new Set(undeclared.map(({ type }) => type.system))];
    const { rows: found } = await client.query<{ system: string; count: number }>(
      'SELECT system, count(*)::integer AS count FROM events.event_type WHERE system = ANY($1) GROUP BY system',
      [systems],
    );
    const counts: Counts = new Map(found.map(({ system, count }) => [system, count]));
    const most = STORE_LIMITS.typesOfSystem.value;
    const refused = new Map<EventReader, string>();
    for (const { type } of undeclared) {
      if (take([[counts, type.system, most]])) continue;
      refused.set(type, `The store has ${most} event types of ${type.system}: an undeclared one is not added.`);
    }
    return refused;
  }

  /** @returns why a source is refused, by its name; the others may be added */
  async refusedSources(client: Pool | PoolClient, sources: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await client.query<{ source: string; count: number }>(
      `SELECT coalesce(substring(source FROM '^/[^/]+/[^/]+'), '') AS source, count(*)::integer AS count
      FROM events.source GROUP BY 1`,
    );
    const ofSystem: Counts = new Map();
    const ofSite: Counts = new Map();
    for (const { source, count } of rows) {
      add(ofSystem, this.systemOf(source), count);
      add(ofSite, this.siteOf(source), count);
    }
    const { sourcesOfSystem, sourcesOfSite } = STORE_LIMITS;
    const refused = new Map<string, string>();
    for (const source of sources) {
      const [system, site] = [this.systemOf(source), this.siteOf(source)];
      const rooms: Room[] = [[ofSystem, system, sourcesOfSystem.value]];
      // Those of no known system have no site that would be theirs alone.
      if (system !== NO_SYSTEM) rooms.push([ofSite, site, sourcesOfSite.value]);
      if (take(rooms)) continue;
      refused.set(
        source,
        `The store has all the sources of ${site || 'no known system'} that it takes: ${source} is not added.`,
      );
    }
    return refused;
  }

  private systemOf(source: string): string {
    const named = systemOfSource(source);
    return named !== undefined && this.catalogue.system(named) !== undefined ? named : NO_SYSTEM;
  }

  private siteOf(source: string): string {
    const system = this.systemOf(source);
    return system === NO_SYSTEM ? NO_SYSTEM : `/${system}/${siteOf(source)}`;
  }
}

type Room = readonly [counts: Counts, name: string, most: number];

/** @returns whether there was room in each of them; it is taken then */
function take(rooms: readonly Room[]): boolean {
  if (rooms.some(([counts, name, most]) => (counts.get(name) ?? 0) >= most)) return false;
  for (const [counts, name] of rooms) add(counts, name, 1);
  return true;
}

function add(counts: Counts, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
