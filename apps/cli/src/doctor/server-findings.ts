import type { ApiClient } from '../api/api-client.js';
import { CommandFailure } from '../command-failure.js';
import { isObject, textOf } from '../output/exact-json.js';
import { ownVersion } from '../own-version.js';
import type { Finding } from './finding.js';

/** A probe has to be short: a person waits for it. */
const TIMEOUT_MS = 5_000;
/** Cursors, `--since` and the expiry of tokens go wrong where clocks differ by more, milliseconds. */
const BAD_SKEW_MS = 5_000;

/** A request that only who has the permission is answered otherwise than 401 or 403, and that changes nothing. */
const PERMISSIONS: readonly { readonly name: string; readonly method: string; readonly path: string }[] = [
  { name: 'events:read', method: 'GET', path: '/api/events/?page_size=1&field=uuid' },
  // Without a body it is refused as such, by whoever may publish at all.
  { name: 'events:publish', method: 'POST', path: '/v1/events' },
  { name: 'dead-letters', method: 'GET', path: '/api/dead-letters/?page_size=1' },
  { name: 'notifications:admin', method: 'GET', path: '/event-notifications/v1/instances?limit=1' },
  { name: 'admin', method: 'GET', path: '/api/tokens/?page_size=1' },
];

/** What there is to say of the server and of the token, as it is found out. */
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
  if (Number.isNaN(theirs)) return { state: 'warn', what: 'clock', found: 'the server does not say what time it has' };
  // Its second may have begun before we asked, and is over at the latest a second after it answered.
  const skew = theirs > ended ? theirs - ended : theirs + 1_000 < began ? theirs + 1_000 - began : 0;
  if (Math.abs(skew) <= BAD_SKEW_MS) return { state: 'ok', what: 'clock', found: 'as the server’s' };
  const seconds = Math.round(Math.abs(skew) / 1_000);
  return {
    state: 'warn',
    what: 'clock',
    found: `the server’s is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}`,
    fix: 'Let both machines keep their time by NTP: --since and the expiry of tokens depend on it.',
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
      found: 'it does not say whether it is ready',
      fix: 'Is that URL really Tidings’?',
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
    const fix = 'Some commands may not know each other: use the command line of the version that the server has.';
    return { state: 'warn', what, found: `this is ${ownVersion()}, the server is ${theirs}`, fix };
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
      fix: 'Put one into TIDINGS_TOKEN; on the machine of the server, run this beside its data directory, .tidings.',
    };
    return;
  }
  const may: string[] = [];
  const mayNot: string[] = [];
  for (const { name, method, path } of PERMISSIONS) {
    const [pathname = '', query = ''] = path.split('?');
    const answer = await api.request(method, pathname, {
      query: new URLSearchParams(query),
      timeout: TIMEOUT_MS,
      alsoGood: [400, 401, 403, 404, 415, 422, 503],
    });
    if (answer.status === 401) {
      const fix = 'Is it whole, and neither revoked nor expired? Somebody with the permission admin can make another.';
      yield { state: 'fail', what: 'token', found: `the one from ${tokenOrigin} is not known`, fix };
      return;
    }
    (answer.status === 403 || answer.status === 404 ? mayNot : may).push(name);
  }
  yield { state: 'ok', what: 'token', found: `the one from ${tokenOrigin} is good` };
  yield {
    state: may.length === 0 ? 'warn' : 'ok',
    what: 'permissions',
    found: `${may.join(', ') || 'none'}${mayNot.length === 0 ? '' : ` (not: ${mayNot.join(', ')})`}`,
    ...(may.length === 0 && { fix: 'Somebody with the permission admin can make one that may do more.' }),
  };
}
