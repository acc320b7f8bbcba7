/** What a token can be allowed to do. A route asks for one of them. */
export const PERMISSIONS = [
  'events:read',
  'events:publish',
  'dead-letters',
  'notifications:read',
  'notifications:admin',
  'admin',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a permission includes besides itself. */
const INCLUDED: Readonly<Partial<Record<Permission, readonly Permission[]>>> = {
  'notifications:admin': ['notifications:read'],
};

/** All that somebody may do who was given these permissions. */
export function effectivePermissions(given: Iterable<Permission>): ReadonlySet<Permission> {
  return new Set([...given].flatMap((permission) => [permission, ...(INCLUDED[permission] ?? [])]));
}
