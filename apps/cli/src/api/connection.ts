import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../command-failure.js';
import type { Surroundings } from '../surroundings.js';

const DEFAULT_URL = 'http://127.0.0.1:4100';
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where the server is, and as whom it is spoken to. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
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
 * Decides where to connect to: options go before the environment. The admin token of a standalone on this machine is
 * taken only for this machine: no other shall ever see it.
 * @throws {CommandFailure} `usage` for a URL or a token that can be none
 */
export function connectionOf(options: ConnectionOptions, surroundings: Surroundings): Connection {
  const { address, origin } =
    options.url !== undefined
      ? { address: options.url, origin: '--url' }
      : { address: surroundings.url ?? DEFAULT_URL, origin: 'TIDINGS_URL' };
  const url = parseUrl(address, origin);
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, ...tokenFor(url, options, surroundings) };
}

function parseUrl(address: string, origin: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new CommandFailure('usage', `${origin}: is not the URL of a server`, [
    'Write it as http://host:port or https://host, without a user name: the token goes into TIDINGS_TOKEN.',
  ]);
}

function tokenFor(
  url: URL,
  options: ConnectionOptions,
  surroundings: Surroundings,
): Pick<Connection, 'token' | 'tokenOrigin'> {
  const [token, tokenOrigin] =
    options.token !== undefined ? [options.token, '--token'] : [surroundings.token, 'TIDINGS_TOKEN'];
  if (token !== undefined) {
    if (/^[\x21-\x7e]+$/.test(token)) return { token, tokenOrigin };
    throw new CommandFailure('usage', `${tokenOrigin}: has to be printable ASCII without spaces`);
  }
  const file = join(surroundings.dataDirectory, 'admin-token');
  const kept = THIS_MACHINE.test(url.hostname) ? readToken(file) : undefined;
  return kept === undefined ? { token: undefined, tokenOrigin: 'nowhere' } : { token: kept, tokenOrigin: file };
}

/** A file that is not there, or not for us, is no token. */
function readToken(file: string): string | undefined {
  try {
    const token = readFileSync(file, 'utf8').trim();
    return token === '' ? undefined : token;
  } catch {
    return undefined;
  }
}
