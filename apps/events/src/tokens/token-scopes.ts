import { parseScopePattern } from '@tidings/access';
import type { Catalogue } from '@tidings/catalogue';
import { nearestName } from '@tidings/runtime';

const FORMS = 'write *, lxd:*, lxd:rack1, lxd:rack1:*, lxd:rack1:project:* or lxd:rack1:project:default';

/** @returns what is wrong with a scope, and what to do about it; undefined when nothing is */
export function scopeProblem(scope: string, catalogue: Catalogue): string | undefined {
  const pattern = parseScopePattern(scope);
  if (pattern === undefined || /[\p{Cc}\p{Cs}]/u.test(scope)) return `Invalid scope "${scope}"; ${FORMS}`;
  const { system: name, kind } = pattern;
  if (name === undefined) return undefined;
  const system = catalogue.system(name);
  if (system === undefined) {
    const names = catalogue.systems().map((one) => one.name);
    return `Unknown system in scope "${scope}"; ${hint(name, names)}`;
  }
  const kinds = Object.keys(system.scopeRoles);
  if (kind === undefined || kinds.includes(kind)) return undefined;
  return `"${scope}": ${name} has no scopes of the kind ${kind}; ${hint(kind, kinds)}`;
}

/** The name that was probably meant, or all there are. */
export function hint(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  return nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
}
