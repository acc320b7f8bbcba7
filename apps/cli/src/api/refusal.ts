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

/** A longer body is a page for people, not an error. */
const MAX_UNKNOWN_BODY = 200;

/** What a refusal is about, in the terms of the command that was typed. */
export interface RefusalContext {
  readonly connection: Connection;
  /** What was asked for by a name or an id, as "delivery 7"; the message of a 404 names it. */
  readonly wanted?: string | undefined;
  /** How the command line names a parameter or a field; undefined where it has no name of its own for it. */
  readonly optionFor?: ((field: string) => string | undefined) | undefined;
}

/** Turns an error response into the failure that the user sees: every problem in it, by the options of the command. */
export function refusalOf(status: number, body: string, context: RefusalContext): CommandFailure {
  const { connection, wanted, optionFor } = context;
  const problems = problemsIn(body).map((problem) => inOptions(printable(problem), optionFor));
  const advice = adviceFor(status, connection);
  if (status === 404 && wanted !== undefined) {
    const nearest = problems.filter((problem) => problem.startsWith(NEAREST));
    return new CommandFailure('notFound', `There is no ${printable(wanted)}`, nearest);
  }
  if (status === 404 && problems.every((problem) => problem === 'Not found.')) return notServed(connection);
  const [first = `The server answered ${status}`, ...more] = problems;
  return new CommandFailure(EXITS[status] ?? 'failed', first, [...more, ...advice]);
}

const NEAREST = 'Did you mean';

/** A gateway alone has no events to list, say. */
function notServed({ url, urlOrigin }: Connection): CommandFailure {
  return new CommandFailure('notFound', `The server at ${url} does not serve this`, [
    `The URL is from ${urlOrigin}. Where each app is a process of its own, name the one that serves it, or their proxy.`,
  ]);
}

/** Errors as the routes say them: `detail` with `errors`, field names with problems, IBM's and LXD's. */
function problemsIn(body: string): string[] {
  const answer = parsed(body);
  if (!isObject(answer)) return body.length > 0 && body.length < MAX_UNKNOWN_BODY ? [body.trim()] : [];
  const { detail, errors, error, nearest } = answer;
  const listed = Array.isArray(errors) ? errors.map(problemOf).filter((text) => text !== '') : [];
  const near = Array.isArray(nearest) && nearest.length > 0 ? [`${NEAREST} ${nearest.join(' or ')}?`] : [];
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

/** "system: must be one of …" becomes "--system lxdd: must be one of …". */
function inOptions(problem: string, optionFor: RefusalContext['optionFor']): string {
  const [, field, rest] = /^([a-z_][\w.[\]]*!?): (.*)$/s.exec(problem) ?? [];
  const option = field === undefined ? undefined : optionFor?.(field);
  return option === undefined ? problem : `${option}: ${rest ?? ''}`;
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
      'Set TIDINGS_TOKEN. On the machine of the server, the admin token in its data directory is used:',
      'run the command in the folder of .tidings or below it, or set TIDINGS_DATA_DIR.',
    ];
  }
  if (status === 401) return [`The token is from ${tokenOrigin}. \`tidings doctor\` shows what it may do.`];
  if (status === 403) {
    return [
      `The token from ${tokenOrigin} may not do this; \`tidings doctor\` shows what it may do.`,
      'An administrator can create one that may: tidings tokens create --help',
    ];
  }
  return EXITS[status] === 'unreachable' ? ['Try again in a moment; `tidings doctor` shows what is missing.'] : [];
}
