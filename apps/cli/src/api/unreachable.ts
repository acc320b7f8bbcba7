import { CommandFailure } from '../command-failure.js';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped answering',
  UND_ERR_SOCKET: 'the connection was cut',
  TimeoutError: 'it did not answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself; NODE_EXTRA_CA_CERTS names a file of those to trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file of those to trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file of those to trust',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What is said where no answer came at all. @param error what fetch threw */
export function unreachable(error: unknown, url: string): CommandFailure {
  return new CommandFailure('unreachable', `Tidings cannot be reached at ${url}: ${reasonOf(error)}`, [
    'Is it running? `tidings up` (or npm start) starts one on this machine.',
    'Is it elsewhere? --url, or TIDINGS_URL, says where.',
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
    if (at.cause === undefined) return at.message;
  }
  return String(error);
}
