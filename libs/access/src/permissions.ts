/** What a token can be allowed to do. A route asks for one of them. */
export const PERMISSIONS = ['events:read', 'events:publish', 'catalogue:read', 'dead-letters', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];
