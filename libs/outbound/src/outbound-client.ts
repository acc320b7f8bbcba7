import { validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import { DELIVERY_LIMITS } from '@tidings/catalogue';
import { dialGuarded } from './guarded-socket.js';
import { type Exchange, HttpConnection } from './http-connection.js';
import { KeptConnections } from './kept-connections.js';
import type { OutboundGuard } from './outbound-guard.js';
import { ClosedWithoutAnswer } from './unreadable-answer.js';

export interface OutboundClientOptions {
  /** A connection that does not open within this long has failed, milliseconds; default 5,000. */
  readonly connectTimeoutMs?: number;
  /** An unused connection is kept this long, milliseconds; default 10,000. */
  readonly keepAliveMs?: number;
  /** The most of an answer's body that is read, bytes; default 65,536. What is behind it is cut off. */
  readonly maxResponseBytes?: number;
  /** How long an answer's body may take behind its head, milliseconds; default 2,000. What comes later is cut off. */
  readonly bodyMs?: number;
  /** Authorities instead of the system's, PEM. */
  readonly ca?: string;
}

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as these bytes. */
  readonly body?: Buffer | undefined;
  /** The deadline of the exchange, until the head of the answer has come. */
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Names in lower case; all values of a name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** As much as was read; never decompressed. */
  readonly body: Buffer;
  /** There was more, or there should have been. */
  readonly isCut: boolean;
}

const DEFAULTS = {
  connectTimeoutMs: 5_000,
  keepAliveMs: 10_000,
  maxResponseBytes: DELIVERY_LIMITS.answerBodyBytes.value,
  bodyMs: DELIVERY_LIMITS.answerBodyTime.value,
} as const;

/** A body of up to so many bytes is written together with its head. */
const MOST_JOINED = 16_384;

/** The connection did not open in time. */
class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Speaks HTTP/1.1 with addresses that users gave: only where the guard lets it, with connections that are kept, without
 * following redirects, without decompressing, and without reading more of an answer than it keeps. It is written for
 * receivers that keep the standard badly, which no client in a library takes as they are: the status that came is the
 * answer, whatever is odd about the rest.
 */
export class OutboundClient {
  private readonly options: Required<Omit<OutboundClientOptions, 'ca'>>;
  private readonly ca: string | undefined;
  private readonly kept: KeptConnections;
  private readonly sockets = new Set<Socket>();
  private isClosed = false;
  private session: { readonly origin: string; readonly ticket: Buffer } | undefined;

  constructor(
    private readonly guard: OutboundGuard,
    { ca, ...options }: OutboundClientOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.ca = ca;
    this.kept = new KeptConnections(this.options.keepAliveMs);
  }

  /**
   * A connection that was kept may close while a request is on its way; where not a byte came back, the request is sent
   * once more over a new one. Receivers tell a repetition by its `webhook-id`.
   * @throws {OutboundRefused} where the address may not be called
   * @throws {UnreadableAnswer} where what came back is not HTTP
   * @throws {TypeError} where a header's value has characters that a head may not have
   * @throws the signal's reason at the deadline, and whatever the network failed with
   */
  async request({ method, url, headers, body, signal }: OutboundRequest): Promise<OutboundAnswer> {
    const { maxResponseBytes, bodyMs } = this.options;
    const { origin } = url;
    const what: Exchange = { request: requestOf(method, url, headers, body), maxResponseBytes, bodyMs, signal };
    const kept = this.kept.take(origin);
    if (kept !== undefined) {
      try {
        return await this.exchange(origin, kept, what);
      } catch (error) {
        if (signal.aborted || this.isClosed || !isStale(error)) throw error;
      }
    }
    const opened = new HttpConnection(await this.open(url, signal), (closed) => this.kept.forget(origin, closed));
    return this.exchange(origin, opened, what);
  }

  /** Cuts what is under way, and lets go of the connections. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.kept.close();
    for (const socket of this.sockets) socket.destroy();
    return Promise.resolve();
  }

  private async exchange(origin: string, connection: HttpConnection, what: Exchange): Promise<OutboundAnswer> {
    const { head, body, isReusable } = await connection.exchange(what);
    if (isReusable) this.kept.keep(origin, connection);
    return { status: head.status, headers: head.headers, body: body.bytes, isCut: !body.isComplete };
  }

  private async open({ hostname, port, protocol, origin }: URL, signal: AbortSignal): Promise<Socket> {
    const isTls = protocol === 'https:';
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const socket = dialGuarded(this.guard, {
        host: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? (isTls ? 443 : 80) : Number(port),
        ...(isTls && { tls: this.tlsOf(origin) }),
        onConnect: () => {
          leave();
          socket.setNoDelay(true);
          resolve(socket);
        },
      });
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        socket.off('error', fail).off('close', onClose);
      };
      const fail = (error: Error): void => {
        leave();
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      };
      const onAbort = (): void => fail(signal.reason as Error);
      const onClose = (): void => fail(new ClosedWithoutAnswer());
      const timer = setTimeout(
        () => fail(new ConnectTimeout('The connection did not open in time')),
        this.options.connectTimeoutMs,
      );
      signal.addEventListener('abort', onAbort);
      socket.on('error', fail).on('close', onClose);
      if (isTls) socket.on('session', (ticket: Buffer) => (this.session = { origin, ticket }));
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  private tlsOf(origin: string): { ALPNProtocols: string[]; ca?: string; session?: Buffer } {
    return {
      ALPNProtocols: ['http/1.1'],
      ...(this.ca !== undefined && { ca: this.ca }),
      ...(this.session?.origin === origin && { session: this.session.ticket }),
    };
  }
}

function requestOf(
  method: OutboundRequest['method'],
  url: URL,
  headers: OutboundRequest['headers'],
  body: Buffer | undefined,
): readonly Buffer[] {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`;
  if (body !== undefined) head += `content-length: ${body.length}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    // Written as Latin-1, a character beyond it could become the end of the line.
    validateHeaderValue(name, value);
    head += `${name}: ${value}\r\n`;
  }
  head += '\r\n';
  if (body === undefined) return [Buffer.from(head, 'latin1')];
  if (body.length > MOST_JOINED) return [Buffer.from(head, 'latin1'), body];
  // One write costs half as much as two.
  const request = Buffer.allocUnsafe(head.length + body.length);
  request.write(head, 'latin1');
  request.set(body, head.length);
  return [request];
}

/** Whether a kept connection turned out to be closed. */
function isStale(error: unknown): boolean {
  if (error instanceof ClosedWithoutAnswer) return true;
  const { code } = error as { code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}
