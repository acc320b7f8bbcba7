import { renamed, snapshot, target, type } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

export const storageEvents = {
  ...lifecycleRows(
    { family: 'storage-pool', title: 'a storage pool', path: '/1.0/storage-pools/fast' },
    {
      'storage-pool-created': { says: 'was created', context: target('node1') },
      'storage-pool-deleted': 'was deleted',
      'storage-pool-updated': { says: 'was updated', context: target('node1') },
    },
  ),
  ...lifecycleRows(
    { family: 'storage-bucket', title: 'a storage bucket', path: '/1.0/storage-pools/fast/buckets/media' },
    {
      'storage-bucket-created': 'was created',
      'storage-bucket-deleted': 'was deleted',
      'storage-bucket-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    {
      family: 'storage-bucket',
      title: 'a storage bucket key',
      path: '/1.0/storage-pools/fast/buckets/media/keys/reader',
    },
    {
      'storage-bucket-key-created': 'was created',
      'storage-bucket-key-deleted': 'was deleted',
      'storage-bucket-key-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'storage-volume', title: 'a storage volume', path: '/1.0/storage-pools/fast/volumes/custom/data' },
    {
      'storage-volume-created': { says: 'was created', context: type('custom') },
      'storage-volume-deleted': 'was deleted',
      'storage-volume-renamed': { says: 'was renamed', context: renamed },
      'storage-volume-restored': { says: 'was restored', context: snapshot },
      'storage-volume-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    {
      family: 'storage-volume',
      title: 'a storage volume backup',
      path: '/1.0/storage-pools/fast/volumes/custom/data/backups/weekly',
    },
    {
      'storage-volume-backup-created': { says: 'was created', context: type('custom') },
      'storage-volume-backup-deleted': 'was deleted',
      'storage-volume-backup-renamed': { says: 'was renamed', context: renamed },
      'storage-volume-backup-retrieved': 'was downloaded',
    },
  ),
  ...lifecycleRows(
    {
      family: 'storage-volume',
      title: 'a storage volume snapshot',
      path: '/1.0/storage-pools/fast/volumes/custom/data/snapshots/nightly',
    },
    {
      'storage-volume-snapshot-created': { says: 'was created', context: type('custom') },
      'storage-volume-snapshot-deleted': 'was deleted',
      'storage-volume-snapshot-renamed': { says: 'was renamed', context: renamed },
      'storage-volume-snapshot-updated': 'was updated',
    },
  ),
};
