/**
 * Whether a token administrates an instance: it has each of the instance's scopes as it stands there, or `*`. To cover them
 * is not enough, for that is the right to read events: a token for a rack would change the instances, and take the secrets,
 * of everybody who has a project in it.
 */
export function namesScopes(held: readonly string[], others: readonly string[]): boolean {
  return held.includes('*') || others.every((other) => held.includes(other));
}

/** @returns whether whoever holds the scopes may see all that the others stand for */
export function coversScopes(held: readonly string[], others: readonly string[]): boolean {
  return others.every((other) => held.some((scope) => covers(scope, other)));
}

function covers(scope: string, other: string): boolean {
  if (scope === '*' || scope === other) return true;
  if (scope.endsWith(':*')) return other.startsWith(scope.slice(0, -1));
  // Every event of a site has the site's own scope, and so it stands for all that is at the site.
  return scope.split(':').length === 2 && other.startsWith(`${scope}:`);
}
