import { fieldReader, textOf } from '../../fields.js';
import { isJsonObject } from '../../json.js';
import type { ContextKind } from './contexts.js';
import type { LifecyclePayload, LoggingPayload, OperationPayload } from './payloads.js';

/** Words of LXD's API paths that are no names. */
const COLLECTIONS = new Set([
  '1.0',
  'aliases',
  'auth',
  'backups',
  'buckets',
  'certificate',
  'certificates',
  'cluster',
  'console',
  'exec',
  'files',
  'forwards',
  'groups',
  'identities',
  'identity-provider-groups',
  'images',
  'instances',
  'keys',
  'links',
  'load-balancers',
  'logs',
  'members',
  'metadata',
  'network-acls',
  'network-zones',
  'networks',
  'operations',
  'peers',
  'placement-groups',
  'profiles',
  'projects',
  'records',
  'replicators',
  'snapshots',
  'storage-pools',
  'templates',
  'volumes',
  'warnings',
]);

/** What an API path is about: `/1.0/instances/web-1/snapshots/nightly?project=build` → `web-1/nightly`. */
export function nameOfPath(path: string): string {
  const [address = ''] = path.split('?');
  return address
    .split('/')
    .filter((segment) => segment !== '' && !COLLECTIONS.has(segment))
    .map(decoded)
    .join('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const readSource = fieldReader('metadata.source');
const readUser = fieldReader('metadata.requestor.username');
const readProject = fieldReader(['project', 'metadata.project']);
const readContext = fieldReader('metadata.context');

/** "Instance web-3 was renamed from web-2 in project build by root." */
export function lifecycleSentence(
  payload: LifecyclePayload,
  title: string,
  says: string,
  context?: ContextKind<object>,
): string {
  const bare = title.replace(/^(?:an?|the) /, '');
  const name = nameOfPath(textOf(readSource(payload)) ?? '');
  const told = readContext(payload);
  const detail = context !== undefined && isJsonObject(told) ? context.detail(told) : undefined;
  const project = textOf(readProject(payload));
  const user = textOf(readUser(payload));
  return sentence([
    bare.charAt(0).toUpperCase() + bare.slice(1),
    name,
    says,
    detail,
    project !== undefined && project !== 'default' ? `in project ${project}` : undefined,
    user === undefined ? undefined : `by ${user}`,
  ]);
}

const readDescription = fieldReader('metadata.description');
const readStatus = fieldReader(['metadata.status', 'metadata.status_code']);
const readError = fieldReader('metadata.err');

/** "Creating instance: Failure (no space left)." */
export function operationSentence(payload: OperationPayload): string {
  const error = textOf(readError(payload));
  return sentence([
    `${textOf(readDescription(payload)) ?? 'Operation'}:`,
    textOf(readStatus(payload)) ?? 'no status',
    error === undefined ? undefined : `(${error})`,
  ]);
}

const readLogMessage = fieldReader('metadata.message');
const readLevel = fieldReader('metadata.level');

/** "warning: Failed getting host interface state (err: no such device)" */
export function loggingSentence(payload: LoggingPayload): string {
  const context = readContext(payload);
  const pairs = isJsonObject(context) ? Object.entries(context).slice(0, MAX_PAIRS) : [];
  const told = pairs.map(([key, value]) => `${key}: ${textOf(value) ?? JSON.stringify(value)}`).join(', ');
  const message = textOf(readLogMessage(payload)) ?? 'a log line without a message';
  return `${textOf(readLevel(payload)) ?? 'log'}: ${message}${told === '' ? '' : ` (${told})`}`;
}

/** A line for people; the whole context is in the event. */
const MAX_PAIRS = 10;

function sentence(words: readonly (string | undefined)[]): string {
  return `${words.filter((word) => word !== undefined && word !== '').join(' ')}.`;
}
