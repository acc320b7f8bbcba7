import type { ApiClient } from '../api/api-client.js';
import { CommandFailure } from '../command-failure.js';
import { isObject, textOf } from '../output/exact-json.js';
import { ownVersion } from '../own-version.js';
import type { Finding } from './finding.js';

/** A probe has to be short: a person waits for it. */
const TIMEOUT_MS = 5_000;
/** Cursors, `--since` and the expiry of tokens go wrong where clocks differ by more, milliseconds. */
const BAD_SKEW_MS = 5_000;

/** What a token can be allowed to do. */
const PERMISSIONS = [
  'events:read',
  'events:publish',
  'dead-letters',
  'notifications:read',
  'notifications:admin',
  'admin',
] as const;

/** The findings about the server and the token, as they come. */
export async function* serverFindings(api: ApiClient): AsyncGenerator<Finding> {
  const { url } = api.connection;
  const began = Date.now();
  try {
    const live = await api.request('GET', '/health/live', { timeout: TIMEOUT_MS });
    yield { state: 'ok', what: 'server', found: `${url} answers` };
    yield clockFinding(live.headers.get('date'), began, Date.now());
  } catch (error) {
    yield { state: 'fail', what: 'server', ...said(error) };
    return;
  }
  yield* readiness(api);
  yield await versionFinding(api);
  yield* tokenFindings(api);
}

function said(error: unknown): Pick<Finding, 'found' | 'fix'> {
  if (!(error instanceof CommandFailure)) throw error;
  return { found: error.message, fix: error.advice.join(' ') };
}

/** The server's clock as it says it in its answers, to a second. */
function clockFinding(date: string | null, began: number, ended: number): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return { state: 'warn', what: 'clock', found: 'the server does not send its time' };
  // Its second may have begun before we asked, and is over at the latest a second after it answered.
  const skew = theirs > ended ? theirs - ended : theirs + 1_000 < began ? theirs + 1_000 - began : 0;
  if (Math.abs(skew) <= BAD_SKEW_MS) return { state: 'ok', what: 'clock', found: 'agrees with the server' };
  const seconds = Math.round(Math.abs(skew) / 1_000);
  return {
    state: 'warn',
    what: 'clock',
    found: `the server is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`,
    fix: 'Synchronise both clocks (NTP): --since and the expiry of tokens depend on them.',
  };
}

async function* readiness(api: ApiClient): AsyncGenerator<Finding> {
  const answer = await api
    .request('GET', '/health/ready', { timeout: TIMEOUT_MS, alsoGood: [503] })
    .catch((error: unknown) => {
      if (error instanceof CommandFailure) return undefined;
      throw error;
    });
  const body: unknown = answer?.json();
  const details = isObject(body) && isObject(body['details']) ? body['details'] : undefined;
  if (details === undefined) {
    yield {
      state: 'fail',
      what: 'readiness',
      found: 'it does not answer /health/ready',
      fix: `Is a Tidings server at that URL? It is from ${api.connection.urlOrigin}.`,
    };
    return;
  }
  for (const [part, detail] of Object.entries(details)) {
    const { status, ...more } = isObject(detail) ? detail : { status: undefined };
    const isUp = status === 'up';
    const reason = Object.values(more).map(textOf).join('; ');
    yield {
      state: isUp ? 'ok' : 'fail',
      what: part,
      found: isUp ? 'ready' : `not ready${reason === '' ? '' : `: ${reason}`}`,
      ...(!isUp && { fix: 'Are Kafka and PostgreSQL reachable from the server? Its log and /metrics say more.' }),
    };
  }
}

async function versionFinding(api: ApiClient): Promise<Finding> {
  const what = 'version';
  try {
    const answer = await api.request('GET', '/docs/openapi.json', { timeout: TIMEOUT_MS });
    const document: unknown = answer.json();
    const info = isObject(document) && isObject(document['info']) ? document['info'] : {};
    const theirs = textOf(info['version']);
    if (theirs === ownVersion()) return { state: 'ok', what, found: theirs };
    const fix = 'Use the command line of the same version as the server.';
    return { state: 'warn', what, found: `${ownVersion()} here, ${theirs} on the server`, fix };
  } catch (error) {
    return { state: 'warn', what, ...said(error) };
  }
}

async function* tokenFindings(api: ApiClient): AsyncGenerator<Finding> {
  const { token, tokenOrigin } = api.connection;
  if (token === undefined) {
    yield {
      state: 'fail',
      what: 'token',
      found: 'there is none',
      fix: 'Set TIDINGS_TOKEN; or on the machine of the server, run this below the folder of .tidings, or set TIDINGS_DATA_DIR.',
    };
    return;
  }
  const answer = await api.request('GET', '/api/me/', { timeout: TIMEOUT_MS, alsoGood: [401, 404, 503] });
  if (answer.status === 401) {
    const fix =
      'It may be cut off, revoked or expired. An administrator can create another: tidings tokens create --help';
    yield { state: 'fail', what: 'token', found: `the one from ${tokenOrigin} is unknown`, fix };
    return;
  }
  if (answer.status !== 200) {
    const fix = 'Ask the process of the app `events` in the role `api`, and see that its database answers.';
    yield { state: 'warn', what: 'token', found: 'this server does not say what it is good for', fix };
    return;
  }
  const { permissions } = answer.json<{ readonly permissions: readonly string[] }>();
  const may = PERMISSIONS.filter((name) => permissions.includes(name));
  const mayNot = PERMISSIONS.filter((name) => !permissions.includes(name));
  yield { state: 'ok', what: 'token', found: `the one from ${tokenOrigin} is valid` };
  const reservations = mayNot.length === 0 ? [] : [`not: ${mayNot.join(', ')}`];
  yield {
    state: may.length === 0 ? 'warn' : 'ok',
    what: 'permissions',
    found: `${may.join(', ') || 'none'}${reservations.length === 0 ? '' : ` (${reservations.join('; ')})`}`,
    ...(may.length === 0 && {
      fix: 'An administrator can create a token that may do more: tidings tokens create --help',
    }),
  };
}
