import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { ConnectorFailure, messageOf } from './connector-failure.js';
import type { ConnectorSession } from './connector-session.js';
import type { StreamCoverage } from './stream-coverage.js';

export const FOLLOWING = {
  /** Answers to our pings show what has come, milliseconds. */
  ping: 1_000,
  /** Without anything from the peer for this long the connection is dead, milliseconds. */
  silence: 20_000,
  /** For the connection and its handshake, milliseconds. */
  opening: 10_000,
  /** The longest message that is read at all, bytes. */
  message: 64 * 1_024 * 1_024,
} as const;

export interface FollowedStream {
  readonly session: ConnectorSession;
  readonly coverage: StreamCoverage;
  /** Called when the connection stands, before anything else is sent. */
  readonly onOpen?: (socket: WebSocket) => void;
  /** What of a message is a native event; undefined: it is none. @throws {ConnectorFailure} where it tells of a fault */
  readonly nativeOf: (message: Buffer) => Buffer | undefined;
}

/**
 * Follows one WebSocket to its end. Where Kafka is slower than the peer, the socket is not read for a while.
 * @throws {ConnectorFailure} why it ended; resolves where the signal ended it
 */
export async function followStream(socket: WebSocket, stream: FollowedStream, signal: AbortSignal): Promise<void> {
  const { session, coverage } = stream;
  let lastHeard = Date.now();
  let failure: unknown;
  const heard = (): void => {
    lastHeard = Date.now();
  };
  const ask = (): void => socket.ping(String(Date.now()));
  const end = (why: unknown): void => {
    failure ??= why;
    socket.terminate();
  };
  const onMessage = (data: RawData): void => {
    // A socket that was told to wait still hands over what it had read.
    heard();
    try {
      const native = stream.nativeOf(bytesOf(data));
      if (native !== undefined) session.flow.push(native, lastHeard);
    } catch (error) {
      end(error);
      return;
    }
    if (session.flow.isFull && !socket.isPaused) {
      socket.pause();
      void session.flow.whenRoom().then(() => {
        heard();
        socket.resume();
      });
    }
  };
  const watch = setInterval(() => {
    if (socket.isPaused || socket.readyState !== socket.OPEN) return;
    if (Date.now() - lastHeard > FOLLOWING.silence) {
      end(new ConnectorFailure(`Nothing was heard of it for ${FOLLOWING.silence / 1_000} s`));
    } else ask();
  }, FOLLOWING.ping);
  const onAbort = (): void => socket.terminate();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await new Promise<void>((resolve) => {
      socket.on('open', () => {
        stream.onOpen?.(socket);
        coverage.opened();
        heard();
        ask();
      });
      socket.on('message', onMessage).on('ping', heard);
      socket.on('pong', (sent) => {
        heard();
        const askedAt = Number(sent.toString('latin1'));
        if (Number.isSafeInteger(askedAt) && askedAt <= lastHeard) coverage.answered(askedAt, lastHeard);
      });
      socket.on('unexpected-response', (_request, response: IncomingMessage) => {
        end(new ConnectorFailure(`It answered ${response.statusCode} to the WebSocket`));
      });
      socket.on('error', (error) => (failure ??= error));
      socket.on('close', (code, reason) => {
        failure ??= new ConnectorFailure(`It closed the connection (${code}${said(reason)})`);
        resolve();
      });
    });
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
  }
  if (signal.aborted) return;
  if (failure instanceof ConnectorFailure) throw failure;
  throw new ConnectorFailure(`The connection failed: ${messageOf(failure)}`, undefined, { cause: failure });
}

function said(reason: Buffer): string {
  return reason.length === 0 ? '' : `: ${reason.toString('utf8')}`;
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
