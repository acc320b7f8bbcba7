import { CommandFailure } from '../command-failure.js';
import type { ExitName } from '../exit-codes.js';
import { isObject, parseExact } from '../output/exact-json.js';
import { printable } from '../output/printable.js';
import type { Connection } from './connection.js';

const EXITS: Readonly<Record<number, ExitName>> = {
  400: 'usage',
  401: 'unauthorised',
  403: 'unauthorised',
  404: 'notFound',
  405: 'usage',
  408: 'unreachable',
  414: 'usage',
  429: 'unreachable',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
};

/** More of a body than that is a page for people, not an error. */
const MAX_UNKNOWN_BODY = 200;

/** What is said of an answer that is none: its status, and all that its body tells. */
export function refusalOf(status: number, body: string, what: string, connection: Connection): CommandFailure {
  const exit = EXITS[status] ?? 'failed';
  const told = problemsIn(body);
  const [first = `answered ${status}`, ...more] = told.map(printable);
  return new CommandFailure(exit, `${what}: ${first}`, [...more, ...adviceFor(status, connection)]);
}

/** Errors as the routes say them: `detail` with `errors`, field names with problems, IBM's and LXD's. */
function problemsIn(body: string): string[] {
  const answer = parsed(body);
  if (!isObject(answer)) return body.length > 0 && body.length < MAX_UNKNOWN_BODY ? [body.trim()] : [];
  const { detail, errors, error, nearest } = answer;
  const listed = Array.isArray(errors) ? errors.map(problemOf).filter((text) => text !== '') : [];
  const near = Array.isArray(nearest) && nearest.length > 0 ? [`Did you mean ${nearest.join(' or ')}?`] : [];
  if (typeof detail === 'string') return [detail, ...listed, ...near];
  if (typeof error === 'string') return [error];
  if (listed.length > 0) return listed;
  return Object.entries(answer).flatMap(([field, problems]) =>
    [problems].flat().flatMap((problem) => (typeof problem === 'string' ? [`${field}: ${problem}`] : [])),
  );
}

function problemOf(error: unknown): string {
  if (!isObject(error)) return '';
  if (typeof error['message'] === 'string') return error['message'];
  const field = typeof error['field'] === 'string' && error['field'] !== '' ? `${error['field']}: ` : '';
  return typeof error['problem'] === 'string' ? `${field}${error['problem']}` : '';
}

function parsed(body: string): unknown {
  try {
    return parseExact(body);
  } catch {
    return undefined;
  }
}

function adviceFor(status: number, { token, tokenOrigin }: Connection): string[] {
  if (status === 401 && token === undefined) {
    return [
      'Put a token into TIDINGS_TOKEN. `npm start` keeps its admin token in the data directory, .tidings/admin-token.',
    ];
  }
  if (status === 401) return [`The token is from ${tokenOrigin}. \`tidings doctor\` says what it can be used for.`];
  if (status === 403) {
    return [
      `The token from ${tokenOrigin} may not do that; \`tidings doctor\` says what it may.`,
      'Somebody with the permission admin can make one that may: tidings tokens create --help',
    ];
  }
  return EXITS[status] === 'unreachable' ? ['Try again in a moment; `tidings doctor` says what is missing.'] : [];
}
