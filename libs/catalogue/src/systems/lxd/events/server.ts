import { renamed } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

/** What belongs to a server as a whole, or orders what runs on it. */
export const serverEvents = {
  ...lifecycleRows(
    { family: 'config', title: 'the server configuration', path: '/1.0' },
    { 'config-updated': 'was updated' },
  ),
  ...lifecycleRows(
    { family: 'operation', title: 'an operation', path: '/1.0/operations/aa2264ac-c8da-4038-b05a-34bad517d4d0' },
    { 'operation-cancelled': 'was cancelled' },
  ),
  ...lifecycleRows(
    { family: 'placement-group', title: 'a placement group', path: '/1.0/placement-groups/apart' },
    {
      'placement-group-created': 'was created',
      'placement-group-deleted': 'was deleted',
      'placement-group-renamed': 'was renamed',
      'placement-group-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'profile', title: 'a profile', path: '/1.0/profiles/small' },
    {
      'profile-created': 'was created',
      'profile-deleted': 'was deleted',
      'profile-renamed': { says: 'was renamed', context: renamed },
      'profile-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'project', title: 'a project', path: '/1.0/projects/build' },
    {
      'project-created': 'was created',
      'project-deleted': 'was deleted',
      'project-renamed': { says: 'was renamed', context: renamed },
      'project-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'replicator', title: 'a replicator', path: '/1.0/replicators/standby' },
    {
      'replicator-created': 'was created',
      'replicator-deleted': 'was deleted',
      'replicator-renamed': 'was renamed',
      'replicator-run': 'was run',
      'replicator-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'warning', title: 'a warning', path: '/1.0/warnings/6c056565-b409-4ea7-b47f-6c3b1a9d5b37' },
    {
      'warning-acknowledged': 'was acknowledged',
      'warning-deleted': 'was deleted',
      'warning-reset': 'was made new again',
    },
  ),
};
