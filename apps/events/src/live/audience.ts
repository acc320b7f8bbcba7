import type { Principal } from '@tidings/access';
import type { Catalogue, ScopeRole } from '@tidings/catalogue';
import { criteriaOf, type EventCriteria } from '../query/event-criteria.js';
import type { EventFilter } from '../query/event-filter.js';
import type { TypeDictionary } from '../query/type-dictionary.js';
import { criteriaMatch, ownerOf, type CriteriaMatch } from './criteria-match.js';
import type { LiveRow } from './live-row.js';

/** Those who ask for the same and may see the same: a row is matched once for all of them. */
export interface Circle<M> {
  readonly members: Set<M>;
  matches: CriteriaMatch;
}

interface Seat<M> extends Circle<M> {
  readonly key: string;
  readonly filter: EventFilter;
  readonly scopes: readonly string[];
}

const ROLES: readonly ScopeRole[] = ['tenant', 'project', 'actor'];

/**
 * Who is to be told of which rows. Most people ask for what belongs to somebody, or for a few types: a row is held only
 * against the criteria that its owners and its type bring up, so that a thousand different ones cost it little.
 */
export class Audience<M> {
  private readonly circles = new Map<string, Seat<M>>();
  private readonly byOwner = new Map<string, Set<Seat<M>>>();
  private readonly byType = new Map<number, Set<Seat<M>>>();
  private readonly anywhere = new Set<Seat<M>>();
  /** Takes a circle out of the indexes again. */
  private readonly unseat = new Map<Seat<M>, () => void>();

  constructor(
    private readonly catalogue: Catalogue,
    private dictionary: TypeDictionary,
  ) {}

  /** Says all criteria anew, in the terms of a dictionary that has more types or sources. */
  redefine(dictionary: TypeDictionary): void {
    this.dictionary = dictionary;
    for (const circle of this.circles.values()) this.seat(circle);
  }

  /** @returns the circle, in which the member is told of rows once it is among the members */
  circleOf(filter: EventFilter, { scopes }: Principal): Circle<M> {
    const key = JSON.stringify([filter, [...scopes].sort()], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const known = this.circles.get(key);
    if (known !== undefined) return known;
    const circle: Seat<M> = { key, filter, scopes, members: new Set(), matches: () => false };
    this.circles.set(key, circle);
    this.seat(circle);
    return circle;
  }

  leave(circle: Circle<M>, member: M): void {
    circle.members.delete(member);
    const seat = circle as Seat<M>;
    if (circle.members.size > 0 || this.circles.get(seat.key) !== seat) return;
    this.circles.delete(seat.key);
    this.unseat.get(seat)?.();
    this.unseat.delete(seat);
  }

  /** Everybody who is to be told of a row. */
  *membersFor(row: LiveRow): Generator<M> {
    yield* matching(this.anywhere, row);
    yield* matching(this.byType.get(row.typeId), row);
    for (const role of ROLES) {
      const key = ownerOf(row, role);
      if (key !== null) yield* matching(this.byOwner.get(`${role} ${key}`), row);
    }
  }

  private seat(circle: Seat<M>): void {
    this.unseat.get(circle)?.();
    const criteria = criteriaOf(circle.filter, circle.scopes, this.dictionary, this.catalogue);
    circle.matches = criteria === undefined ? () => false : criteriaMatch(criteria);
    this.unseat.set(circle, criteria === undefined ? () => undefined : this.enter(circle, criteria));
  }

  private enter(circle: Seat<M>, { owners: [owner], typeIds }: EventCriteria): () => void {
    if (owner !== undefined) return put(this.byOwner, `${owner.role} ${owner.key}`, circle);
    if (typeIds !== undefined) {
      const takeOut = typeIds.map((typeId) => put(this.byType, typeId, circle));
      return () => takeOut.forEach((take) => take());
    }
    this.anywhere.add(circle);
    return () => this.anywhere.delete(circle);
  }
}

function* matching<M>(circles: Iterable<Circle<M>> | undefined, row: LiveRow): Generator<M> {
  for (const { matches, members } of circles ?? []) if (members.size > 0 && matches(row)) yield* members;
}

function put<K, V>(index: Map<K, Set<V>>, key: K, value: V): () => void {
  const values = index.get(key) ?? new Set<V>();
  index.set(key, values.add(value));
  return () => {
    values.delete(value);
    if (values.size === 0 && index.get(key) === values) index.delete(key);
  };
}
