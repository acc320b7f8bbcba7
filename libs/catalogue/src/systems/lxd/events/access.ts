import { lifecycleRows } from '../rows.js';

export const accessEvents = {
  ...lifecycleRows(
    { family: 'certificate', title: 'a trusted certificate', path: '/1.0/certificates/3ee64be3c3c7d617a7470e14f2d8' },
    {
      'certificate-created': 'was added',
      'certificate-deleted': 'was removed',
      'certificate-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'identity', title: 'an identity', path: '/1.0/auth/identities/oidc/aino@example.org' },
    {
      'identity-created': 'was created',
      'identity-deleted': 'was deleted',
      'identity-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'auth-group', title: 'an authorisation group', path: '/1.0/auth/groups/operators' },
    {
      'auth-group-created': 'was created',
      'auth-group-deleted': 'was deleted',
      'auth-group-renamed': 'was renamed',
      'auth-group-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    {
      family: 'identity-provider-group',
      title: 'an identity provider group',
      path: '/1.0/auth/identity-provider-groups/staff',
    },
    {
      'identity-provider-group-created': 'was created',
      'identity-provider-group-deleted': 'was deleted',
      'identity-provider-group-renamed': 'was renamed',
      'identity-provider-group-updated': 'was updated',
    },
  ),
};
