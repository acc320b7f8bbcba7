import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import type { OutboundGuard } from '@tidings/outbound';
import { WebSocket } from 'ws';
import { diallerTo } from './connector-dialling.js';
import type { ConnectorSession, RunningConnector } from './connector-session.js';
import type { SettingsOf } from './connector-settings.js';
import { StreamCoverage } from './stream-coverage.js';
import { FOLLOWING, followStream } from './stream-follower.js';

/** Of every type, since none is asked for. */
const PATH = '/1.0/events?all-projects=true';

/** Follows the events of one LXD server. LXD keeps none: what is missed while nobody listens is told as a gap. */
export class LxdConnector implements RunningConnector {
  private readonly coverage: StreamCoverage;

  constructor(
    private readonly settings: SettingsOf<'lxd'>,
    private readonly session: ConnectorSession,
    private readonly guard: OutboundGuard,
  ) {
    this.coverage = new StreamCoverage(session);
  }

  async attempt(signal: AbortSignal): Promise<number> {
    const { session, coverage } = this;
    await followStream(this.open(), { session, coverage, nativeOf: (message) => message }, signal);
    return 0;
  }

  private open(): WebSocket {
    const { socket, url = 'http://localhost' } = this.settings;
    const where = socket === undefined ? { url: new URL(url), tls: tlsOf(this.settings) } : { socket };
    return new WebSocket(url.replace(/^http/, 'ws').replace(/\/+$/, '') + PATH, {
      createConnection: diallerTo(where, this.guard),
      handshakeTimeout: FOLLOWING.opening,
      maxPayload: FOLLOWING.message,
      perMessageDeflate: false,
      followRedirects: false,
    });
  }
}

/** LXD's servers sign for themselves: the certificate that is pinned has to be the very one, whatever name is in it. */
function tlsOf(settings: SettingsOf<'lxd'>): ConnectionOptions {
  const { client_certificate: cert, client_key: key, server_certificate: pinned, ca } = settings;
  const shown = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  if (pinned === undefined) return { ...shown, ...(ca !== undefined && { ca }) };
  const { fingerprint256 } = new X509Certificate(pinned);
  return {
    ...shown,
    ca: pinned,
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, certificate) =>
      certificate.fingerprint256 === fingerprint256
        ? undefined
        : new Error('The server shows another certificate than the one that is pinned'),
  };
}
