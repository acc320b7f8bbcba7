import type { Permission } from '../api/session.js';
import { en } from '../messages/en.js';
import type { IconName } from '../parts/icon.js';

/** A screen that somebody can go to, and what that takes. */
export interface Destination {
  readonly to: '/events' | '/sources';
  readonly label: string;
  readonly icon: IconName;
  readonly permission: Permission;
}

export const DESTINATIONS: readonly Destination[] = [
  { to: '/events', label: en.navigation.events, icon: 'events', permission: 'events:read' },
  { to: '/sources', label: en.navigation.sources, icon: 'sources', permission: 'notifications:read' },
];

/** The screens that are there for somebody, in their order. */
export function openDestinations(permissions: readonly Permission[]): readonly Destination[] {
  return DESTINATIONS.filter(({ permission }) => permissions.includes(permission));
}
