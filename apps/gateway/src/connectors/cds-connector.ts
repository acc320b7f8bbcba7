import { isJsonObject, parseJson, stringifyJson } from '@tidings/catalogue';
import type { OutboundGuard } from '@tidings/outbound';
import { WebSocket } from 'ws';
import { diallerTo } from './connector-dialling.js';
import { ConnectorFailure } from './connector-failure.js';
import type { ConnectorSession, RunningConnector } from './connector-session.js';
import type { SettingsOf } from './connector-settings.js';
import { StreamCoverage } from './stream-coverage.js';
import { FOLLOWING, followStream } from './stream-follower.js';

const PATH = '/v2/ws';

/** Follows the events of one CDS over its WebSocket, which keeps none: what is missed is told as a gap. */
export class CdsConnector implements RunningConnector {
  private readonly coverage: StreamCoverage;

  constructor(
    private readonly settings: SettingsOf<'cds-stream'>,
    private readonly session: ConnectorSession,
    private readonly guard: OutboundGuard,
  ) {
    this.coverage = new StreamCoverage(session);
  }

  async attempt(signal: AbortSignal): Promise<number> {
    const { session, coverage } = this;
    const onOpen = (socket: WebSocket): void => socket.send(JSON.stringify(this.settings.filters));
    await followStream(this.open(), { session, coverage, onOpen, nativeOf: eventOf }, signal);
    return 0;
  }

  private open(): WebSocket {
    const { url, token, ca } = this.settings;
    const where = { url: new URL(url), tls: ca === undefined ? {} : { ca } };
    return new WebSocket(url.replace(/^http/, 'ws').replace(/\/+$/, '') + PATH, {
      createConnection: diallerTo(where, this.guard),
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: FOLLOWING.opening,
      maxPayload: FOLLOWING.message,
      perMessageDeflate: false,
      followRedirects: false,
    });
  }
}

/** CDS wraps its events, and tells of its faults the same way. */
function eventOf(message: Buffer): Buffer | undefined {
  const wrapped = readWrapped(message);
  if (!isJsonObject(wrapped)) return message;
  const { status, error, event } = wrapped;
  if (typeof error === 'string' && error !== '') throw new ConnectorFailure(`CDS says: ${error}`);
  if (typeof status === 'string' && status !== 'OK') throw new ConnectorFailure(`CDS says: ${status}`);
  return isJsonObject(event) ? Buffer.from(stringifyJson(event)) : undefined;
}

function readWrapped(message: Buffer): unknown {
  try {
    return parseJson(message.toString('utf8')).exact;
  } catch {
    // As it came: it becomes a dead letter.
    return undefined;
  }
}
