import type { Principal } from '@tidings/access';
import { SCOPE_ROLES, type Catalogue } from '@tidings/catalogue';
import { fieldCriteriaOf } from '../query/event-criteria.js';
import type { EventFilter } from '../query/event-filter.js';
import type { EventNames } from '../query/type-dictionary.js';
import type { LiveRow } from './live-row.js';
import { ownerOf, placeName, placesOf, rowMatch, type RowMatch } from './row-match.js';

/** Those who ask for the same and may see the same: a row is matched once for all of them. */
export interface Circle<M> {
  /** Those who are told of rows as they come. */
  readonly members: Set<M>;
  readonly matches: RowMatch;
}

interface Seat<M> extends Circle<M> {
  readonly key: string;
  /** Under which it is indexed. */
  readonly indexedBy: readonly string[];
  /** All who belong to it, also those who still catch up with the past. */
  readonly belonging: Set<M>;
}

const ANYWHERE = 'anywhere';

/**
 * Who is to be told of which rows. Most people ask for what belongs to somebody, for a few types, or may see one place
 * only: a row is held only against the circles that its owners, its names and its place bring up, so that a thousand
 * different ones cost it little. Circles know names only: a type or a source that comes later changes none of them.
 */
export class Audience<M> {
  private readonly circles = new Map<string, Seat<M>>();
  private readonly index = new Map<string, Set<Seat<M>>>();

  constructor(private readonly catalogue: Catalogue) {}

  /** @returns the circle, which stays until the member leaves, and in which it is told of rows once it is among the members */
  enter(filter: EventFilter, { scopes }: Principal, member: M): Circle<M> {
    const key = JSON.stringify([filter, [...scopes].sort()], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const circle = this.circles.get(key) ?? this.open(key, filter, scopes);
    circle.belonging.add(member);
    return circle;
  }

  leave(circle: Circle<M>, member: M): void {
    const seat = circle as Seat<M>;
    seat.members.delete(member);
    seat.belonging.delete(member);
    if (seat.belonging.size > 0 || this.circles.get(seat.key) !== seat) return;
    this.circles.delete(seat.key);
    for (const key of seat.indexedBy) {
      const seats = this.index.get(key);
      seats?.delete(seat);
      if (seats?.size === 0) this.index.delete(key);
    }
  }

  /** Everybody who is to be told of a row. */
  *membersFor(row: LiveRow, names: EventNames): Generator<M> {
    const seats = new Set<Seat<M>>();
    for (const key of keysOf(row, names)) for (const seat of this.index.get(key) ?? []) seats.add(seat);
    for (const { matches, members } of seats) if (members.size > 0 && matches(row, names)) yield* members;
  }

  private open(key: string, filter: EventFilter, scopes: readonly string[]): Seat<M> {
    const indexedBy = this.indexKeys(filter, scopes);
    const matches = rowMatch(filter, scopes, this.catalogue);
    const seat: Seat<M> = { key, indexedBy, matches, members: new Set(), belonging: new Set() };
    this.circles.set(key, seat);
    for (const indexKey of indexedBy) {
      const seats = this.index.get(indexKey) ?? new Set();
      this.index.set(indexKey, seats.add(seat));
    }
    return seat;
  }

  /** By what is most selective: each row that matches has one of these keys at least. */
  private indexKeys(filter: EventFilter, scopes: readonly string[]): readonly string[] {
    const [owner] = fieldCriteriaOf(filter, this.catalogue)?.owners ?? [];
    if (owner !== undefined) return [ownerKey(owner.role, owner.key)];
    const { types, systems } = filter;
    if (types?.anyOf !== undefined) return [...new Set(types.anyOf)].map(typeKey);
    const places = systems?.anyOf ?? placesOf(scopes);
    return places === undefined ? [ANYWHERE] : [...new Set(places)].map(placeKey);
  }
}

function keysOf(row: LiveRow, { type, nativeType, system, site }: EventNames): readonly string[] {
  const owners = SCOPE_ROLES.flatMap((role) => {
    const owner = ownerOf(row, role);
    return owner === null ? [] : [ownerKey(role, owner)];
  });
  const places = [placeName(system), placeName(system, site)];
  return [ANYWHERE, ...owners, typeKey(type), typeKey(nativeType), ...places.map(placeKey)];
}

const ownerKey = (role: string, key: string): string => `${role} ${key}`;
const typeKey = (name: string): string => `type ${name}`;
const placeKey = (place: string): string => `place ${place}`;
