import { renamed, target, type } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

const family = 'image';
const FINGERPRINT = '06b86454720d36b20f94e31c6812e05ec51c1b568cf3a8abd273769d213394bb';

export const imageEvents = {
  ...lifecycleRows(
    { family, title: 'an image', path: `/1.0/images/${FINGERPRINT}` },
    {
      'image-created': { says: 'was added', context: type('container') },
      'image-deleted': 'was deleted',
      'image-refreshed': 'was brought up to date with where it comes from',
      'image-retrieved': { says: 'was downloaded', context: target('node2') },
      'image-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family, title: 'a one-time image key', path: `/1.0/images/${FINGERPRINT}` },
    { 'image-secret-created': 'was created' },
  ),
  ...lifecycleRows(
    { family, title: 'an image alias', path: '/1.0/images/aliases/jammy' },
    {
      'image-alias-created': { says: 'was created', context: target(FINGERPRINT) },
      'image-alias-deleted': { says: 'was deleted', context: target(FINGERPRINT) },
      'image-alias-renamed': { says: 'was renamed', context: renamed },
      'image-alias-updated': { says: 'was updated', context: target(FINGERPRINT) },
    },
  ),
};
