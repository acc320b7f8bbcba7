import { parseScopePattern } from '@tidings/access';
import type { Catalogue } from '@tidings/catalogue';
import { BodyMembers, hint, isStorableText } from '../api/body-members.js';

const MAX_SCOPES = 100;
const MAX_SCOPE = 2_048;
const FORMS = 'write *, lxd:*, lxd:rack1, lxd:rack1:*, lxd:rack1:project:* or lxd:rack1:project:default';

/** An instance that is asked for. */
export interface InstanceDraft {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** @throws {DomainError} `invalid_query`, with everything that is wrong, field by field */
export function readInstanceDraft(json: unknown, catalogue: Catalogue): InstanceDraft {
  const body = new BodyMembers(json, ['name', 'scopes']);
  const name = body.requiredName();
  const given = body.array('scopes', MAX_SCOPES) ?? [];
  const scopes = new Set<string>();
  for (const scope of given) {
    const problem = typeof scope === 'string' ? scopeProblem(scope, catalogue) : `must be texts; ${FORMS}`;
    if (problem !== undefined) body.complain('scopes', problem);
    else scopes.add(String(scope));
  }
  const isMissing = body.value('scopes') === undefined || (given.length === 0 && Array.isArray(body.value('scopes')));
  if (isMissing) body.complain('scopes', `is required: whose events the instance may receive; ${FORMS}`);
  body.end();
  return { name, scopes: [...scopes] };
}

function scopeProblem(scope: string, catalogue: Catalogue): string | undefined {
  const pattern = scope.length > MAX_SCOPE || !isStorableText(scope) ? undefined : parseScopePattern(scope);
  if (pattern === undefined) return `"${scope.slice(0, 100)}" is no scope; ${FORMS}`;
  const { system: name, kind } = pattern;
  if (name === undefined) return undefined;
  const system = catalogue.system(name);
  if (system === undefined) {
    return `"${scope}" names no known system; ${hint(
      name,
      catalogue.systems().map((one) => one.name),
    )}`;
  }
  const kinds = Object.keys(system.scopeRoles);
  if (kind === undefined || kinds.includes(kind)) return undefined;
  return `"${scope}": ${name} has no scopes of the kind ${kind}${kinds.length === 0 ? '' : `; ${hint(kind, kinds)}`}`;
}
