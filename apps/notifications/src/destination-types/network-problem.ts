import { OutboundRefused, UnreadableAnswer } from '@tidings/outbound';
import type { AttemptResult } from './destination-type.js';

/** What went wrong, by the code of the system or of the HTTP client. */
const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens at the address.',
  ECONNRESET: 'The receiver broke the connection.',
  EHOSTUNREACH: 'There is no way to the address.',
  ENETUNREACH: 'There is no way to the address.',
  ENOTFOUND: 'The name of the host is not known.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ETIMEDOUT: 'The connection did not open in time.',
  EPIPE: 'The receiver broke the connection.',
  EPROTO: 'The receiver does not speak TLS as it should; its address may have to begin with http://.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The receiver does not speak TLS; its address may have to begin with http://.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The receiver does not speak TLS; its address may have to begin with http://.',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'The receiver refuses the TLS connection.',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'The receiver refuses the TLS connection.',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'The receiver speaks no version of TLS that is still safe.',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'The receiver speaks no version of TLS that is still safe.',
  CERT_HAS_EXPIRED: "The receiver's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The receiver's certificate is signed by itself.",
  SELF_SIGNED_CERT_IN_CHAIN: "The receiver's certificate is signed by nobody who is trusted.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The receiver's certificate is signed by nobody who is trusted.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The receiver's certificate is for another name.",
};

const TIMEOUTS: ReadonlySet<string> = new Set(['ETIMEDOUT']);

/** An attempt whose address is one that nobody may dial. */
export function blocked({ message }: OutboundRefused): AttemptResult {
  return { outcome: 'refused', status: 'blocked', problem: message };
}

/**
 * An attempt that brought no answer. It may be tried again, for nobody knows whether the receiver got it, unless the
 * address itself was refused.
 */
export function networkProblem(error: unknown, signal: AbortSignal): AttemptResult {
  if (error instanceof OutboundRefused) return blocked(error);
  if (signal.aborted) {
    return { outcome: 'failed', status: 'timeout', problem: 'The receiver did not answer in time.', backOff: true };
  }
  if (error instanceof UnreadableAnswer) return { outcome: 'failed', status: error.code, problem: error.problem };
  const code = codeOf(error);
  return {
    outcome: 'failed',
    status: code,
    // Never the error's own message: it may quote what was sent.
    problem: SENTENCES[code] ?? 'The connection failed.',
    ...(TIMEOUTS.has(code) && { backOff: true }),
  };
}

/** Of the first cause that has one; of several addresses, the last's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors.at(-1));
  if (!(error instanceof Error)) return 'error';
  const { code, cause } = error as Error & { code?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? 'error' : codeOf(cause);
}
