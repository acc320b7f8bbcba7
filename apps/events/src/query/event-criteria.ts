import { firstUuidAt, type Catalogue, type ScopeRole } from '@tidings/catalogue';
import type { Choice, EventFilter } from './event-filter.js';
import type { TypeDictionary } from './type-dictionary.js';

/**
 * A filter in the terms of the store's columns: ids and keys as 32 hex digits, names as numbers, searched text in lower
 * case. The SQL of a query and the matching of live events are both made from it, so that they agree.
 */
export interface EventCriteria {
  /** The smallest id. */
  readonly firstId?: string;
  /** Above the largest id. */
  readonly endId?: string;
  /** Any of them; undefined: whichever. Systems, groups and negations are worked into it. */
  readonly typeIds?: readonly number[];
  /** Any of them; undefined: whichever. Sites and negations are worked into it. */
  readonly sourceIds?: readonly number[];
  readonly subjects?: Choice;
  /** As the column holds them: indices of OUTCOMES. */
  readonly outcomes?: Choice<number>;
  readonly conforming?: boolean;
  /** All of them hold. */
  readonly owners: readonly Owner[];
  /** The actor or the one affected. */
  readonly relatedUser?: string;
  /** Each is contained in the message. */
  readonly message?: readonly string[];
  /** Each is contained in the message or a value of the context. */
  readonly text?: readonly string[];
  readonly authMethod?: string;
  readonly personalToken?: readonly string[];
  /** At least one holds; undefined: the caller sees everything. */
  readonly visible?: readonly Visible[];
}

/** Whom an event belongs to. */
export interface Owner {
  readonly role: ScopeRole;
  readonly key: string;
}

/** One of the things that a caller may see: all that is given holds. */
export interface Visible {
  /** The event belongs to somebody in this role; `keys` undefined: to anybody. */
  readonly role?: ScopeRole;
  readonly keys?: readonly string[];
  readonly typeIds?: readonly number[];
  readonly sourceIds?: readonly number[];
}

/** Ids hold 60 bits of microseconds around 1970: what lies beyond is before or after every event. */
const TIME_LIMIT = 1n << 59n;

/**
 * Says a filter in the terms of the store.
 * @param dictionary the types that the store has seen
 * @returns undefined when no event can match
 */
export function criteriaOf(
  filter: EventFilter,
  dictionary: TypeDictionary,
  catalogue: Catalogue,
): EventCriteria | undefined {
  const { createdFrom, createdTo, relatedUser } = filter;
  if (createdFrom !== undefined && createdFrom >= TIME_LIMIT) return undefined;
  if (createdTo !== undefined && createdTo <= -TIME_LIMIT) return undefined;
  const owners: { role: ScopeRole; key: string }[] = [];
  const typeSets: ReadonlySet<number>[] = [];
  for (const { system, kind, key } of filter.scopes ?? []) {
    const role = roleOf(system, kind, catalogue);
    if (role === undefined) return undefined;
    owners.push({ role, key });
  }
  if (filter.types !== undefined) typeSets.push(dictionary.named(filter.types));
  if (filter.groups !== undefined) typeSets.push(dictionary.named(typesIn(filter.groups, catalogue)));
  if (filter.systems !== undefined) typeSets.push(dictionary.ofSystems(filter.systems));
  const typeIds = intersection(typeSets);
  if (typeIds?.size === 0) return undefined;
  return {
    ...(createdFrom !== undefined && createdFrom > -TIME_LIMIT && { firstId: firstUuidAt(createdFrom) }),
    ...(createdTo !== undefined && createdTo < TIME_LIMIT && { endId: firstUuidAt(createdTo) }),
    ...(typeIds !== undefined && typeIds.size < dictionary.size && { typeIds: [...typeIds] }),
    owners,
    ...(relatedUser !== undefined && { relatedUser }),
    ...(filter.message !== undefined && { message: filter.message }),
    ...(filter.authMethod !== undefined && { authMethod: filter.authMethod }),
    ...(filter.personalToken !== undefined && { personalToken: filter.personalToken }),
  };
}

function roleOf(system: string, kind: string, catalogue: Catalogue): ScopeRole | undefined {
  const roles = catalogue.system(system)?.scopeRoles ?? {};
  return Object.hasOwn(roles, kind) ? roles[kind] : undefined;
}

function typesIn(groups: readonly string[], catalogue: Catalogue): string[] {
  return catalogue.systems().flatMap(({ name }) => {
    const ofSystem = catalogue.groups(name);
    return groups.flatMap((group) => (ofSystem.get(group) ?? []).map(({ type }) => type));
  });
}

function intersection(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> | undefined {
  const [first, ...others] = sets;
  if (first === undefined) return undefined;
  return new Set([...first].filter((id) => others.every((other) => other.has(id))));
}
