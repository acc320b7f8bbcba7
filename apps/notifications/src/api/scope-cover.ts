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
