import { Injectable } from '@nestjs/common';
import type { ScopePattern } from '@tidings/access';
import type { InstanceConfiguration, SourceConfiguration } from '../configuration/configuration.js';
import { mayBeSeenBy, sourceOf } from '../routing/stored-event-match.js';
import { EventsClient, type StoredEvent } from '../stored-events/events-client.js';

const API_SYSTEM = 'api';
/** What somebody waits for, altogether. */
const MAX_PAGES = 40;

/** Finds the last stored events that an instance may see. */
@Injectable()
export class LatestEvents {
  constructor(private readonly events: EventsClient) {}

  /** @param source only its events; undefined: of all sources. @returns at most so many, newest first */
  async find(
    instance: InstanceConfiguration,
    source: SourceConfiguration | undefined,
    most: number,
  ): Promise<readonly StoredEvent[]> {
    const found = new Map<string, StoredEvent>();
    let pages = 0;
    for (const query of queriesFor(instance.scopes, source)) {
      let ofQuery = 0;
      let next: string | undefined;
      do {
        pages += 1;
        const page = await this.events.page(query, next);
        for (const stored of page.events) {
          if (!mayBeSeenBy(instance, stored)) continue;
          if (source !== undefined && sourceOf(instance, stored.system, stored.event)?.id !== source.id) continue;
          found.set(stored.id, stored);
          ofQuery += 1;
        }
        next = page.next;
      } while (next !== undefined && ofQuery < most && pages < MAX_PAGES);
    }
    // Ids begin with the time.
    return [...found.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
  }
}

/** What to ask the events app for: each scope of the instance by itself, for of several it wants all. */
function queriesFor(
  scopes: readonly ScopePattern[],
  source: SourceConfiguration | undefined,
): readonly URLSearchParams[] {
  const system = source === undefined ? undefined : (source.system ?? API_SYSTEM);
  if (system === API_SYSTEM || scopes.some((scope) => scope.system === undefined)) return [queryOf(system, {})];
  return scopes
    .filter((scope) => system === undefined || scope.system === system)
    .map((scope) => queryOf(scope.system, scope));
}

function queryOf(system: string | undefined, { site, kind, value }: Partial<ScopePattern>): URLSearchParams {
  const query = new URLSearchParams({ o: '-created' });
  if (system !== undefined) query.set('system', system);
  if (site !== undefined) query.set('site', site);
  if (kind !== undefined && value !== undefined) query.set('scope', [system, site, kind, value].join(':'));
  return query;
}
