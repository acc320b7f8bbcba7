/** Waldur's event groups, by the keys that its `/api/events/event_groups/` has. */
export const WALDUR_GROUPS = [
  'access_subnets',
  'auth',
  'call',
  'credits',
  'customers',
  'invoices',
  'offering_accounting',
  'permissions',
  'projects',
  'proposal',
  'providers',
  'resources',
  'review',
  'ssh',
  'support',
  'terms_of_service',
  'users',
] as const;

export type WaldurGroup = (typeof WALDUR_GROUPS)[number];
