import { command, file, filePushed, fileRetrieved, path, renamed, snapshot, type } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

const family = 'instance';

export const instanceEvents = {
  ...lifecycleRows(
    { family, title: 'an instance', path: '/1.0/instances/web-1' },
    {
      'instance-created': 'was created',
      'instance-deleted': 'was deleted',
      'instance-exec': { says: 'was told to run a command', context: command },
      'instance-migrated': 'was moved to another place',
      'instance-paused': 'was paused',
      'instance-ready': 'was reported ready',
      'instance-renamed': { says: 'was renamed', context: renamed },
      'instance-restarted': 'was restarted',
      'instance-restored': { says: 'was restored', context: snapshot },
      'instance-resumed': 'was resumed',
      'instance-shutdown': 'was shut down',
      'instance-started': 'was started',
      'instance-stopped': 'was stopped',
      'instance-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance backup', path: '/1.0/instances/web-1/backups/weekly' },
    {
      'instance-backup-created': 'was created',
      'instance-backup-deleted': 'was deleted',
      'instance-backup-renamed': { says: 'was renamed', context: renamed },
      'instance-backup-retrieved': 'was downloaded',
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance console', path: '/1.0/instances/web-1/console' },
    {
      'instance-console': { says: 'was connected to', context: type('console') },
      'instance-console-reset': 'had its buffer emptied',
      'instance-console-retrieved': 'had its log downloaded',
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance file', path: '/1.0/instances/web-1/files' },
    {
      'instance-file-deleted': { says: 'was deleted', context: file },
      'instance-file-pushed': { says: 'was pushed', context: filePushed },
      'instance-file-retrieved': { says: 'was downloaded', context: fileRetrieved },
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance log', path: '/1.0/instances/web-1/logs/lxc.log' },
    {
      'instance-log-deleted': 'was deleted',
      'instance-log-retrieved': 'was downloaded',
    },
  ),
  ...lifecycleRows(
    { family, title: 'instance metadata', path: '/1.0/instances/web-1/metadata' },
    {
      'instance-metadata-retrieved': 'was downloaded',
      'instance-metadata-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance metadata template', path: '/1.0/instances/web-1/metadata/templates' },
    {
      'instance-metadata-template-created': { says: 'was created', context: path },
      'instance-metadata-template-deleted': { says: 'was deleted', context: path },
      'instance-metadata-template-retrieved': { says: 'was downloaded', context: path },
    },
  ),
  ...lifecycleRows(
    { family, title: 'an instance snapshot', path: '/1.0/instances/web-1/snapshots/before-upgrade' },
    {
      'instance-snapshot-created': 'was created',
      'instance-snapshot-deleted': 'was deleted',
      'instance-snapshot-renamed': { says: 'was renamed', context: renamed },
      'instance-snapshot-updated': 'was updated',
    },
  ),
};
