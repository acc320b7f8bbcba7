import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { OutboundGuard } from './outbound-guard.js';

export interface OutboundClientOptions {
  /** The most connections to one origin; default 32. */
  readonly connections?: number;
  /** A connection that does not open within this long has failed, milliseconds; default 5,000. */
  readonly connectTimeoutMs?: number;
  /** An unused connection is kept this long, milliseconds; default 10,000. */
  readonly keepAliveMs?: number;
  /** The most of an answer's body that is read, bytes; default 65,536. What is behind it is cut off. */
  readonly maxResponseBytes?: number;
  /** Authorities beside the system's, PEM. */
  readonly ca?: string;
}

export interface OutboundRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as these bytes. */
  readonly body?: Buffer | undefined;
  /** The deadline of the whole exchange, the answer's body included. */
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As much as is read; never decompressed. */
  readonly body: Buffer;
  /** There was more, which was cut off. */
  readonly isCut: boolean;
}

const DEFAULTS = { connections: 32, connectTimeoutMs: 5_000, keepAliveMs: 10_000, maxResponseBytes: 65_536 } as const;

/**
 * Speaks HTTP with addresses that users gave: only where the guard lets it, with pooled connections, without following
 * redirects, without decompressing, and without reading more of an answer than it keeps.
 */
export class OutboundClient {
  private readonly agent: Agent;
  private readonly maxResponseBytes: number;

  constructor(guard: OutboundGuard, options: OutboundClientOptions = {}) {
    const { connections, connectTimeoutMs, keepAliveMs, maxResponseBytes, ca } = { ...DEFAULTS, ...options };
    this.maxResponseBytes = maxResponseBytes;
    this.agent = new Agent({
      connect: guardedConnector(guard, { timeout: connectTimeoutMs, ...(ca !== undefined && { ca }) }),
      connections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // The caller's signal is the only clock.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * @throws {OutboundRefused} where the address may not be called
   * @throws the signal's reason at the deadline, and whatever the network failed with
   */
  async request({ method, url, headers, body, signal }: OutboundRequest): Promise<OutboundAnswer> {
    const answer = await this.agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body: body ?? null,
      signal,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    let isCut = false;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      const room = this.maxResponseBytes - length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      length += Math.min(chunk.length, room);
      // Leaving the loop destroys the connection: nothing of the rest is read.
      if ((isCut = chunk.length > room)) break;
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks, length), isCut };
  }

  /** Cuts what is under way, and lets go of the connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

function guardedConnector(guard: OutboundGuard, options: buildConnector.BuildOptions): buildConnector.connector {
  // The cache of TLS sessions is undici's; the look-up is the socket's own, so that no second answer can differ.
  const connect = buildConnector({ ...options, lookup: guard.lookup, autoSelectFamily: true });
  return (target, callback) => {
    const refusal = guard.refusalOfHost(target.hostname);
    if (refusal !== undefined) {
      callback(refusal, null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const wrong = socket.remoteAddress === undefined ? undefined : guard.refusalOf(socket.remoteAddress);
      if (wrong === undefined) callback(null, socket);
      else {
        socket.destroy();
        callback(wrong, null);
      }
    });
  };
}
