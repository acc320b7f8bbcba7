import { fieldReader, textOf } from '../../fields.js';
import { isJsonObject } from '../../json.js';
import type { ContextKind } from './contexts.js';
import type { LifecyclePayload, LoggingPayload, OperationPayload } from './payloads.js';

/** How many names follow a word of LXD's API paths, where it is not one. */
const NAMES_BEHIND: ReadonlyMap<string, number> = new Map([
  ...['1.0', 'auth', 'cluster', 'metadata'].map((word) => [word, 0] as const),
  // Of a type, and of an authentication method.
  ...['volumes', 'identities'].map((word) => [word, 2] as const),
]);

/** Words that a path may end in: what is behind them is not in the path. */
const LAST_WORDS = new Set([
  ...['1.0', 'access', 'certificate', 'configuration', 'console', 'exec', 'export', 'files', 'logs', 'metadata'],
  ...['rebuild', 'refresh', 'secret', 'sftp', 'state', 'templates'],
]);

/**
 * What an API path is about: `/1.0/instances/web-1/snapshots/nightly?project=build` → `web-1/nightly`. Words of the API
 * and names take turns in it, so a name may be a word as well, and a newer or older server may have other words.
 */
export function nameOfPath(path: string): string {
  const [address = ''] = path.split('?');
  const segments = address.split('/').filter((segment) => segment !== '');
  const names: string[] = [];
  let namesToCome = 0;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (namesToCome > 0 && !(segment === 'aliases' && segments[index - 1] === 'images' && !isLast)) {
      names.push(decoded(segment));
      namesToCome -= 1;
    } else if (!isLast) {
      namesToCome = NAMES_BEHIND.get(segment) ?? 1;
    } else if (index > 1 && !LAST_WORDS.has(segment)) {
      names.push(decoded(segment));
    }
  }
  return names.join('/');
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
  return logLine(payload, textOf(readLogMessage(payload)) ?? 'a log line without a message');
}

const readAction = fieldReader('metadata.action');
const readText = fieldReader(['metadata.message', 'metadata.description', 'metadata.err']);
const readMetadata = fieldReader('metadata');

/** What can be told of a message of a kind that is not catalogued: its action, its text, or else what it holds. */
export function undeclaredSentence(payload: object): string {
  const action = textOf(readAction(payload));
  const text = textOf(readText(payload));
  if (text !== undefined) return logLine(payload, action === undefined ? text : `${action}: ${text}`);
  const name = nameOfPath(textOf(readSource(payload)) ?? '');
  if (action !== undefined) return name === '' ? `${action}.` : `${action}: ${name}.`;
  const told = pairsOf(readMetadata(payload));
  return told === '' ? 'LXD says something of a kind that is not catalogued.' : `LXD says ${told}.`;
}

function logLine(payload: object, message: string): string {
  const told = pairsOf(readContext(payload));
  return `${textOf(readLevel(payload)) ?? 'log'}: ${message}${told === '' ? '' : ` (${told})`}`;
}

function pairsOf(object: unknown): string {
  const pairs = isJsonObject(object) ? Object.entries(object).slice(0, MAX_PAIRS) : [];
  return pairs.map(([key, value]) => `${key}: ${textOf(value) ?? JSON.stringify(value)}`).join(', ');
}

/** A line for people; the whole context is in the event. */
const MAX_PAIRS = 10;

function sentence(words: readonly (string | undefined)[]): string {
  return `${words.filter((word) => word !== undefined && word !== '').join(' ')}.`;
}
