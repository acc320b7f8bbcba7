import type { Catalogue, ScopeRole } from '@tidings/catalogue';

/** Which role a kind of scope plays in its system; undefined when the system has no such kind. */
export function roleOf(system: string, kind: string, catalogue: Catalogue): ScopeRole | undefined {
  const roles = catalogue.system(system)?.scopeRoles ?? {};
  return Object.hasOwn(roles, kind) ? roles[kind] : undefined;
}
