import { renamed } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

const family = 'cluster';

export const clusterEvents = {
  ...lifecycleRows(
    { family, title: 'clustering', path: '/1.0/cluster' },
    {
      'cluster-disabled': 'was disabled on the server',
      'cluster-enabled': 'was enabled on the server',
    },
  ),
  ...lifecycleRows(
    { family, title: 'the cluster certificate', path: '/1.0/cluster/certificate' },
    { 'cluster-certificate-updated': 'was replaced' },
  ),
  ...lifecycleRows(
    { family, title: 'a cluster join token', path: '/1.0/cluster/members/node4' },
    { 'cluster-token-created': 'was created' },
  ),
  ...lifecycleRows(
    { family, title: 'a cluster group', path: '/1.0/cluster/groups/gpu' },
    {
      'cluster-group-created': 'was created',
      'cluster-group-deleted': 'was deleted',
      'cluster-group-renamed': 'was renamed',
      'cluster-group-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family, title: 'a cluster link', path: '/1.0/cluster/links/backup-site' },
    {
      'cluster-link-created': 'was created',
      'cluster-link-deleted': 'was deleted',
      'cluster-link-renamed': 'was renamed',
      'cluster-link-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family, title: 'a cluster member', path: '/1.0/cluster/members/node3' },
    {
      'cluster-member-added': 'was added',
      'cluster-member-evacuated': 'was evacuated',
      'cluster-member-healed': 'was healed',
      'cluster-member-removed': 'was removed',
      'cluster-member-renamed': { says: 'was renamed', context: renamed },
      'cluster-member-restored': 'was restored after an evacuation',
      'cluster-member-updated': 'was updated',
    },
  ),
};
