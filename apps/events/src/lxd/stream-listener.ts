import { STREAM_LIMITS } from '@tidings/catalogue';
import type { WebSocket } from 'ws';
import type { LiveEvent, LiveListener, StreamEnd } from '../live/live-events.js';
import { envelopeOf, isAskedFor } from './event-envelope.js';
import type { StreamRequest } from './stream-request.js';

/** LXD's own figures, milliseconds where nothing else is said. */
export const LXD_STREAM = {
  /** Bytes that are handed to the connection before it has taken any: little, so that the reason of an end is not stuck. */
  inHand: 65_536,
  pingEvery: 10_000,
  /** Pings without an answer, before one more is too many. */
  missedPongs: 2,
  writeDeadline: 5_000,
} as const;

/** Close codes of RFC 6455 and what is said with them; a reason may have 123 bytes. */
const ENDINGS: Readonly<Record<StreamEnd, readonly [code: number, reason: string]>> = {
  slow: [1013, 'The client is too slow: too many events are waiting for it'],
  revoked: [1008, 'The token has been revoked'],
  expired: [1008, 'The token has expired'],
  'shutting-down': [1001, 'The server is shutting down'],
  unavailable: [1013, 'The store cannot be reached; connect again'],
};

/**
 * One client of `/1.0/events`: a queue in the order of the store, and the connection that empties it. It may be given
 * events before it is given its connection.
 */
export class StreamListener implements LiveListener {
  private readonly queue: string[] = [];
  /** UTF-16 units in the queue. */
  private queued = 0;
  private socket: WebSocket | undefined;
  private ending: readonly [code: number, reason: string] | undefined;
  private missed = 0;
  private inHand = 0;
  private pings: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;

  /** @param onClose called once, when the connection is gone */
  constructor(
    private readonly request: StreamRequest,
    private readonly onClose: () => void,
  ) {}

  take(event: LiveEvent): boolean {
    if (this.ending !== undefined) return true;
    const envelope = envelopeOf(event);
    if (envelope === undefined || !isAskedFor(envelope, this.request)) return true;
    const { queuedMessages, clientBytes } = STREAM_LIMITS;
    if (this.queue.length >= queuedMessages.value || this.queued >= clientBytes.value) return false;
    this.queue.push(envelope.text);
    this.queued += envelope.text.length;
    this.pump();
    return true;
  }

  end(reason: StreamEnd): void {
    this.finish(ENDINGS[reason]);
  }

  /** Gives it its connection. */
  connect(socket: WebSocket): void {
    this.socket = socket;
    // As LXD does, it takes no notice of what a client says.
    socket.on('message', () => undefined);
    socket.on('pong', () => (this.missed = 0));
    // What is wrong shows in the end of the connection, which follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(this.pings);
      clearTimeout(this.deadline);
      this.clear();
      this.ending ??= ENDINGS['shutting-down'];
      this.onClose();
    });
    this.pings = setInterval(() => this.ping(socket), LXD_STREAM.pingEvery).unref();
    if (this.ending !== undefined) this.close(socket, this.ending);
    else this.pump();
  }

  private ping(socket: WebSocket): void {
    if (this.missed > LXD_STREAM.missedPongs) socket.terminate();
    else {
      this.missed += 1;
      this.handOver((done) => socket.ping(undefined, undefined, done));
    }
  }

  private pump(): void {
    const { socket } = this;
    if (socket === undefined) return;
    while (this.queue.length > 0 && socket.bufferedAmount < LXD_STREAM.inHand) {
      const text = this.queue.shift() ?? '';
      this.queued -= text.length;
      this.handOver((done) => socket.send(text, done));
    }
  }

  /** The deadline runs while anything is in hand, and begins anew whenever some of it has gone. */
  private handOver(write: (done: () => void) => void): void {
    this.inHand += 1;
    this.deadline ??= this.startDeadline();
    write(() => {
      this.inHand -= 1;
      clearTimeout(this.deadline);
      this.deadline = this.inHand > 0 ? this.startDeadline() : undefined;
      if (this.ending === undefined) this.pump();
    });
  }

  private startDeadline(): NodeJS.Timeout {
    return setTimeout(() => this.socket?.terminate(), LXD_STREAM.writeDeadline).unref();
  }

  private finish(ending: readonly [code: number, reason: string]): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.clear();
    if (this.socket !== undefined) this.close(this.socket, ending);
  }

  private clear(): void {
    this.queue.length = 0;
    this.queued = 0;
  }

  private close(socket: WebSocket, [code, reason]: readonly [code: number, reason: string]): void {
    socket.close(code, reason);
    const patience = setTimeout(() => socket.terminate(), LXD_STREAM.writeDeadline).unref();
    socket.once('close', () => clearTimeout(patience));
  }
}
