import { firstUuidAt, type Catalogue, type ScopeRole } from '@tidings/catalogue';
import type { EventFilter, ScopeFilter } from './event-filter.js';
import type { TypeDictionary } from './type-dictionary.js';

/** A filter in the terms of the store's columns: ids and keys as 32 hex digits, names as numbers. */
export interface EventCriteria {
  /** The smallest id. */
  readonly firstId?: string;
  /** Above the largest id. */
  readonly endId?: string;
  /** Any of them; undefined: whichever. */
  readonly typeIds?: readonly number[];
  readonly owners: readonly { readonly role: ScopeRole; readonly key: string }[];
  /** The actor or the one affected. */
  readonly relatedUser?: string;
  readonly message?: string;
  readonly authMethod?: string;
  readonly personalToken?: readonly string[];
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
  const scopes = filter.scopes ?? [];
  const owners = scopes.map((scope) => ({ role: roleOf(scope, catalogue), key: scope.key }));
  if (owners.some(({ role }) => role === undefined)) return undefined;

  // A scope is of one system, and its key may happen to be that of another system's scope.
  const systems = [...scopes, ...(relatedUser === undefined ? [] : [relatedUser])].map(({ system }) => [system]);
  const typeIds = intersection([
    ...(filter.types === undefined ? [] : [dictionary.named(filter.types)]),
    ...(filter.groups === undefined ? [] : [dictionary.named(typesIn(filter.groups, catalogue))]),
    ...(filter.systems === undefined ? [] : [dictionary.ofSystems(filter.systems)]),
    ...systems.map((names) => dictionary.ofSystems(names)),
  ]);
  if (typeIds?.size === 0) return undefined;
  return {
    ...(createdFrom !== undefined && createdFrom > -TIME_LIMIT && { firstId: firstUuidAt(createdFrom) }),
    ...(createdTo !== undefined && createdTo < TIME_LIMIT && { endId: firstUuidAt(createdTo) }),
    ...(typeIds !== undefined && typeIds.size < dictionary.size && { typeIds: [...typeIds] }),
    owners: owners as EventCriteria['owners'],
    ...(relatedUser !== undefined && { relatedUser: relatedUser.key }),
    ...(filter.message !== undefined && { message: filter.message }),
    ...(filter.authMethod !== undefined && { authMethod: filter.authMethod }),
    ...(filter.personalToken !== undefined && { personalToken: filter.personalToken }),
  };
}

function roleOf({ system, kind }: ScopeFilter, catalogue: Catalogue): ScopeRole | undefined {
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
