import { CommandFailure } from '../command-failure.js';
import type { Connection } from './connection.js';

const UNTRUSTED = 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file of those to trust';
const NO_TLS = 'it does not speak TLS; did you mean http://?';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to that host',
  ENETUNREACH: 'there is no route to that network',
  ENOTFOUND: 'no host has that name',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped answering',
  UND_ERR_SOCKET: 'the connection was cut',
  TimeoutError: 'it did not answer in time',
  // OpenSSL 3 names it in two ways, by how much of the answer it has read.
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** The failure where no answer came at all. @param error what fetch threw */
export function unreachable(error: unknown, { url, urlOrigin }: Connection): CommandFailure {
  return new CommandFailure('unreachable', `Tidings cannot be reached at ${url}: ${reasonOf(error)}`, [
    `The URL is from ${urlOrigin}. Is the server running? \`npm start\` (or \`tidings up\`) starts one here.`,
    'For a server elsewhere, set --url or TIDINGS_URL.',
  ]);
}

/** In a few words, why a connection failed. */
export function reasonOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    // Where a name has several addresses, each has failed for itself.
    const first: unknown = at instanceof AggregateError ? at.errors[0] : at;
    const code = first instanceof Error && 'code' in first ? String(first.code) : '';
    const reason = REASONS[code] ?? REASONS[at.name];
    if (reason !== undefined) return reason;
    if (at.cause === undefined) return at.message.trim();
  }
  return String(error);
}
