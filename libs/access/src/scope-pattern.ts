/**
 * A scope as a token holds it. Every event has the scope `<system>:<site>` and those that its payload names,
 * `<system>:<site>:<kind>:<value>`; a pattern is one of them, or a beginning of whole segments followed by `*`. What is
 * undefined is under the `*`.
 */
export interface ScopePattern {
  /** Undefined: `*`, everything. */
  readonly system?: string;
  /** Undefined: `<system>:*`, everything of the system. */
  readonly site?: string;
  /** Undefined with `isWildcard`: `<system>:<site>:*`, what belongs to anybody at that site; without: all of the site. */
  readonly kind?: string;
  /** Undefined: `<system>:<site>:<kind>:*`. */
  readonly value?: string;
  readonly isWildcard: boolean;
}

const SEGMENT = /^[^:*\s]+$/;

/**
 * Reads a scope: `*`, `lxd:*`, `lxd:rack1`, `lxd:rack1:*`, `lxd:rack1:project:*` or `lxd:rack1:project:default`. The
 * value may hold colons.
 * @returns undefined when it is none
 */
export function parseScopePattern(text: string): ScopePattern | undefined {
  if (text === '*') return { isWildcard: true };
  const isWildcard = text.endsWith(':*');
  const segments = (isWildcard ? text.slice(0, -2) : text).split(':');
  const [system, site, kind, ...rest] = segments;
  if ([system, site, kind].some((segment) => segment !== undefined && !SEGMENT.test(segment))) return undefined;
  if (system === undefined || (isWildcard && rest.length > 0)) return undefined;
  const value = rest.length === 0 ? undefined : rest.join(':');
  // Exact scopes have two segments or four; a value is any text that is there.
  if (!isWildcard && (site === undefined || (kind === undefined) !== (value === undefined) || value === '')) {
    return undefined;
  }
  return {
    system,
    ...(site !== undefined && { site }),
    ...(kind !== undefined && { kind }),
    ...(value !== undefined && { value }),
    isWildcard,
  };
}
