import { parseScopePattern, type ScopePattern } from '@tidings/access';
import { SCOPE_ROLES, scopeKey, type Catalogue, type ScopeRole } from '@tidings/catalogue';
import { roleOf } from './scope-role.js';
import type { TypeDictionary } from './type-dictionary.js';
import type { Visible, VisibleRows } from './visible.js';

/** Publishers make up names: as many numbers are part of a statement, at most. */
const MAX_LISTED = 1_000;

/**
 * What a caller may see.
 * @param scopes the caller's patterns; one that is none shows nothing
 * @returns undefined: everything; empty: nothing
 */
export function visibleTo(scopes: readonly string[], catalogue: Catalogue): readonly Visible[] | undefined {
  const patterns = [...new Set(scopes)].flatMap((scope) => parseScopePattern(scope) ?? []);
  if (patterns.some(({ system }) => system === undefined)) return undefined;
  return merged(patterns.flatMap((pattern) => visibleBy(pattern, catalogue)));
}

/**
 * The same in the terms of the store. Types and sources are always said, even where they are all that there are: one that
 * comes later must not be seen by those whom it does not concern.
 */
export function rowsVisible(visible: readonly Visible[], dictionary: TypeDictionary): readonly VisibleRows[] {
  return visible.flatMap(({ system, site, ...part }) => {
    const typeIds = system === undefined ? undefined : dictionary.ofSystems([system]);
    const sourceIds = site === undefined ? undefined : dictionary.ofSites([site]);
    if (typeIds?.size === 0 || sourceIds?.size === 0) return [];
    return [
      {
        ...part,
        ...(typeIds !== undefined && (typeIds.size > MAX_LISTED ? { system } : { typeIds: [...typeIds] })),
        ...(sourceIds !== undefined && (sourceIds.size > MAX_LISTED ? { site } : { sourceIds: [...sourceIds] })),
      },
    ];
  });
}

function visibleBy({ system, site, kind, value, isWildcard }: ScopePattern, catalogue: Catalogue): Visible[] {
  if (system === undefined) return [];
  if (site === undefined) return [{ system }];
  if (kind === undefined) {
    if (!isWildcard) return [{ system, site }];
    return rolesOf(system, catalogue).map((role) => ({ role, system, site }));
  }
  const role = roleOf(system, kind, catalogue);
  if (role === undefined) return [];
  // A key is of one system only, so it says the types as well.
  return value === undefined ? [{ role, system, site }] : [{ role, keys: [scopeKey(system, value)], site }];
}

function rolesOf(system: string, catalogue: Catalogue): ScopeRole[] {
  const roles = new Set(Object.values(catalogue.system(system)?.scopeRoles ?? {}));
  return SCOPE_ROLES.filter((role) => roles.has(role));
}

/** Puts the keys of one role at the same site together. */
function merged(parts: readonly Visible[]): Visible[] {
  const byPlace = new Map<string, Visible & { readonly keys: readonly string[] }>();
  const others: Visible[] = [];
  for (const part of parts) {
    if (part.keys === undefined) {
      others.push(part);
      continue;
    }
    const place = `${part.role ?? ''} ${part.site ?? ''}`;
    const keys = [...new Set([...(byPlace.get(place)?.keys ?? []), ...part.keys])];
    byPlace.set(place, { ...part, keys });
  }
  return [...others, ...byPlace.values()];
}
