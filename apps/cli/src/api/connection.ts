import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliEnvironment } from '../cli-environment.js';
import { CommandFailure } from '../command-failure.js';

const DEFAULT_URL = 'http://127.0.0.1:4100';
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** In the data directory, written by the server when it starts: where it is, and its admin token. */
const URL_FILE = 'server-url';
const TOKEN_FILE = 'admin-token';

/** Where the server is, and as whom we call it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  /** What names the URL, for people. */
  readonly urlOrigin: string;
  readonly token: string | undefined;
  /** Where the token comes from, for people. */
  readonly tokenOrigin: string;
}

/** What the command line says of it. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
}

/**
 * Decides where to connect to: an option wins over the environment, and that over the data directory of a server on this
 * machine. The admin token of that directory is shown to that server and to others on this machine, never to another host.
 * @throws {CommandFailure} `usage` for a URL or a token that cannot be one
 */
export function connectionOf(options: ConnectionOptions, environment: CliEnvironment): Connection {
  const { address, origin, isOwnServer } = addressOf(options, environment);
  const url = parseUrl(address, origin);
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    urlOrigin: origin,
    ...tokenFor(isOwnServer || THIS_MACHINE.test(url.hostname), options, environment),
  };
}

function addressOf({ url }: ConnectionOptions, environment: CliEnvironment) {
  if (url !== undefined) return { address: url, origin: '--url', isOwnServer: false };
  if (environment.url !== undefined) return { address: environment.url, origin: 'TIDINGS_URL', isOwnServer: false };
  const kept = readKept(environment, URL_FILE);
  if (kept !== undefined) return { address: kept.text, origin: kept.file, isOwnServer: true };
  return { address: DEFAULT_URL, origin: 'the default', isOwnServer: false };
}

function parseUrl(address: string, origin: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new CommandFailure('usage', `${origin}: is not the URL of a server`, [
    'Write it as http://host:port or https://host, without a user name; the token goes into TIDINGS_TOKEN.',
  ]);
}

function tokenFor(
  mayShowAdminToken: boolean,
  options: ConnectionOptions,
  environment: CliEnvironment,
): Pick<Connection, 'token' | 'tokenOrigin'> {
  const [token, tokenOrigin] =
    options.token !== undefined ? [options.token, '--token'] : [environment.token, 'TIDINGS_TOKEN'];
  if (token !== undefined) {
    if (/^[\x21-\x7e]+$/.test(token)) return { token, tokenOrigin };
    throw new CommandFailure('usage', `${tokenOrigin}: must be printable ASCII without spaces`);
  }
  const kept = mayShowAdminToken ? readKept(environment, TOKEN_FILE) : undefined;
  return kept === undefined
    ? { token: undefined, tokenOrigin: 'nowhere' }
    : { token: kept.text, tokenOrigin: kept.file };
}

/** A file of the data directory; undefined where it is missing, empty, or not readable by us. */
function readKept({ dataDirectory }: CliEnvironment, name: string): { file: string; text: string } | undefined {
  if (dataDirectory === undefined) return undefined;
  const file = join(dataDirectory, name);
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? undefined : { file, text };
  } catch {
    return undefined;
  }
}
