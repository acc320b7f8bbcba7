import { parseScopePattern, type ScopePattern } from '@tidings/access';
import { SCOPE_ROLES, scopeKey, type Catalogue, type ScopeRole } from '@tidings/catalogue';
import { roleOf } from './scope-role.js';
import type { TypeDictionary } from './type-dictionary.js';
import type { Visible } from './visible.js';

/**
 * What a caller may see, in the terms of the store. Types and sources are always said by their numbers, even where they
 * are all that there are: one that comes later must not be seen by those whom it does not concern.
 * @param scopes the caller's patterns; one that is none shows nothing
 * @returns undefined: everything; empty: nothing
 */
export function visibleTo(
  scopes: readonly string[],
  dictionary: TypeDictionary,
  catalogue: Catalogue,
): readonly Visible[] | undefined {
  const patterns = [...new Set(scopes)].flatMap((scope) => parseScopePattern(scope) ?? []);
  if (patterns.some(({ system }) => system === undefined)) return undefined;
  return merged(patterns.flatMap((pattern) => visibleBy(pattern, dictionary, catalogue)));
}

function visibleBy(pattern: ScopePattern, dictionary: TypeDictionary, catalogue: Catalogue): Visible[] {
  const { system, site, kind, value, isWildcard } = pattern;
  if (system === undefined) return [];
  const typeIds = [...dictionary.ofSystems([system])];
  if (typeIds.length === 0) return [];
  if (site === undefined) return [{ typeIds }];
  const sourceIds = [...dictionary.ofSites([site])];
  if (sourceIds.length === 0) return [];
  if (kind === undefined) {
    if (!isWildcard) return [{ typeIds, sourceIds }];
    return rolesOf(system, catalogue).map((role) => ({ role, typeIds, sourceIds }));
  }
  const role = roleOf(system, kind, catalogue);
  if (role === undefined) return [];
  // A key is of one system only, so it says the types as well.
  return value === undefined ? [{ role, typeIds, sourceIds }] : [{ role, keys: [scopeKey(system, value)], sourceIds }];
}

function rolesOf(system: string, catalogue: Catalogue): ScopeRole[] {
  const roles = new Set(Object.values(catalogue.system(system)?.scopeRoles ?? {}));
  return SCOPE_ROLES.filter((role) => roles.has(role));
}

/** Puts the keys of one role at the same sources together. */
function merged(parts: readonly Visible[]): Visible[] {
  const byPlace = new Map<string, Visible & { readonly keys: readonly string[] }>();
  const others: Visible[] = [];
  for (const part of parts) {
    if (part.keys === undefined) {
      others.push(part);
      continue;
    }
    const place = `${part.role ?? ''} ${(part.sourceIds ?? []).join(' ')}`;
    const keys = [...new Set([...(byPlace.get(place)?.keys ?? []), ...part.keys])];
    byPlace.set(place, { ...part, keys });
  }
  return [...others, ...byPlace.values()];
}
