import { event, system, type Outcome } from '../../definition.js';
import { fieldReader } from '../../fields.js';
import { accessEvents } from './events/access.js';
import { clusterEvents } from './events/cluster.js';
import { imageEvents } from './events/image.js';
import { instanceEvents } from './events/instance.js';
import { networkEvents } from './events/network.js';
import { serverEvents } from './events/server.js';
import { storageEvents } from './events/storage.js';
import { LOGGING_SUBJECT, OPERATION_SUBJECT, TYPE_PREFIX, lxdFormat, nativeTypeOf } from './native.js';
import { LoggingPayload, OperationPayload } from './payloads.js';
import { LIFECYCLE_SUBJECT, SCOPES } from './rows.js';
import { loggingSentence, operationSentence, undeclaredSentence } from './sentences.js';

/** LXD's life-cycle actions, operations and log lines. */
export const lxd = system({
  name: 'lxd',
  title: 'LXD',
  typePrefix: TYPE_PREFIX,
  scopeRoles: { project: 'project' },
  nativeType: nativeTypeOf,
  undeclared: {
    subject: [LIFECYCLE_SUBJECT, LOGGING_SUBJECT],
    scopes: SCOPES,
    message: undeclaredSentence,
  },
  events: {
    ...instanceEvents,
    ...imageEvents,
    ...networkEvents,
    ...storageEvents,
    ...clusterEvents,
    ...accessEvents,
    ...serverEvents,
    operation: event({
      summary: 'An operation was begun, went on or ended',
      version: 1,
      groups: ['operation'],
      subject: OPERATION_SUBJECT,
      scopes: SCOPES,
      outcome: { of: (payload) => outcomeOfStatus(readStatusCode(payload)) },
      message: operationSentence,
      payload: OperationPayload,
      example: {
        metadata: {
          id: 'aa2264ac-c8da-4038-b05a-34bad517d4d0',
          class: 'task',
          description: 'Creating instance',
          created_at: '2026-11-02T10:42:12.129166432Z',
          updated_at: '2026-11-02T10:42:16.943235585Z',
          status: 'Success',
          status_code: 200,
          resources: { instances: ['/1.0/instances/web-1'] },
          metadata: null,
          may_cancel: false,
          err: '',
          location: 'node1',
        },
        location: 'node1',
        project: 'default',
      },
    }),
    logging: event({
      summary: 'A server wrote a line to its log',
      version: 1,
      groups: ['logging'],
      subject: LOGGING_SUBJECT,
      scopes: SCOPES,
      message: loggingSentence,
      payload: LoggingPayload,
      example: {
        metadata: {
          message: 'Failed getting host interface state',
          level: 'warning',
          context: { err: 'no such device', instance: 'web-1' },
        },
        location: 'node2',
      },
    }),
  },
  native: lxdFormat,
});

const readStatusCode = fieldReader('metadata.status_code');

/** LXD's status codes, as far as operations have them. */
const PENDING = 105;
const SUCCESS = 200;
const CANCELLED = 401;

/** How an operation stands, by its status code. */
export function outcomeOfStatus(code: unknown): Outcome | undefined {
  if (typeof code !== 'number') return undefined;
  if (code === PENDING) return 'scheduled';
  if (code === CANCELLED) return 'cancelled';
  if (code >= 100 && code < SUCCESS) return 'in_progress';
  if (code >= SUCCESS && code < 300) return 'succeeded';
  return code >= 400 && code < 500 ? 'failed' : undefined;
}
