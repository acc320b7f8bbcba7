import { parseScopePattern } from '@tidings/access';
import { catalogue, parseUuid, scopeKey } from '@tidings/catalogue';
import type { ScopeFilter } from './event-filter.js';
import { roleOf } from './scope-role.js';
import { EXACT_SCOPE } from './scope-schema.js';

/** Whose objects URLs name: this is Waldur's way to say a scope. */
const URL_SYSTEM = 'waldur';

/** Under which kind of scope the objects of Waldur's endpoints are kept. */
const KIND_OF_ENDPOINT: ReadonlyMap<string, string> = new Map([
  ['customers', 'customer'],
  ['projects', 'project'],
  ['users', 'user'],
]);

const OBJECT_URL = /^(?:https?:\/\/[^/?#\s]+)?(?:\/[^?#\s]*)?\/api\/([a-z0-9_-]+(?:\/[a-z0-9_-]+)*)\/([0-9a-f-]+)\/?$/i;

const UUID_PATTERN = '[0-9a-f]{32}';

/** What may be asked for by `scope`, for the API's document; it does not mind upper case in URLs, either. */
export const SCOPE_TEXT_PATTERN = `(https?://[^/?#\\s]+)?(/[^?#\\s]*)?/api/[a-z0-9_-]+(/[a-z0-9_-]+)*/${UUID_PATTERN}/?|${UUID_PATTERN}|${EXACT_SCOPE}`;

/**
 * Reads a `scope` parameter that names an object of Waldur's to which no event belongs by itself, such as a resource or an
 * offering: its URL, or a uuid alone.
 * @returns the uuid, 32 hex digits, as the contexts of events have it; undefined when it names none
 */
export function objectNamed(text: string): string | undefined {
  if (scopeOfUrl(text) !== undefined) return undefined;
  return parseUuid(OBJECT_URL.exec(text)?.[2] ?? text);
}

/**
 * Reads a `scope` parameter: the URL of one of Waldur's customers, projects or users, or a scope as tokens hold it,
 * without a wildcard.
 * @returns undefined when it is neither
 */
export function parseScope(text: string): ScopeFilter | undefined {
  return scopeOfUrl(text) ?? scopeOfText(text);
}

function scopeOfUrl(text: string): ScopeFilter | undefined {
  const [, endpoint = '', id = ''] = OBJECT_URL.exec(text) ?? [];
  const kind = KIND_OF_ENDPOINT.get(endpoint.toLowerCase());
  const uuid = parseUuid(id);
  return kind === undefined || uuid === undefined
    ? undefined
    : { system: URL_SYSTEM, kind, key: scopeKey(URL_SYSTEM, uuid) };
}

function scopeOfText(text: string): ScopeFilter | undefined {
  const pattern = parseScopePattern(text);
  const { system, site, kind, value } = pattern ?? {};
  if (pattern?.isWildcard !== false || system === undefined || site === undefined) return undefined;
  if (catalogue.system(system) === undefined) return undefined;
  if (kind === undefined || value === undefined) return { system, site };
  return roleOf(system, kind, catalogue) === undefined
    ? undefined
    : { system, site, kind, key: scopeKey(system, value) };
}

/** Whether one of a caller's scopes says outright that its events may be seen; otherwise only the events can tell. */
export function isWithin({ system, site, kind, key }: ScopeFilter, scopes: readonly string[]): boolean {
  return scopes.some((scope) => {
    const pattern = parseScopePattern(scope);
    if (pattern === undefined) return false;
    if (pattern.system === undefined) return true;
    if (pattern.system !== system) return false;
    if (pattern.site === undefined) return true;
    // What is asked of all sites is not within one.
    if (site !== undefined && pattern.site !== site) return false;
    if (pattern.kind === undefined) return !pattern.isWildcard || kind !== undefined;
    if (pattern.kind !== kind) return false;
    return pattern.value === undefined || scopeKey(system, pattern.value) === key;
  });
}
