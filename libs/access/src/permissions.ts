/** What a token can be allowed to do. A route asks for one of them. */
export const PERMISSIONS = ['events:read', 'events:publish', 'dead-letters', 'notifications:admin', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];
