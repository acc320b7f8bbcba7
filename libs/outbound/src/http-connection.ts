import type { Socket } from 'node:net';
import type { AnswerBody } from './answer-body.js';
import type { AnswerHead } from './answer-head.js';
import { AnswerReader } from './answer-reader.js';

/** What one exchange takes. */
export interface Exchange {
  /** The request as it is written, in as many parts as there are. */
  readonly request: readonly Buffer[];
  readonly maxResponseBytes: number;
  /** How long a body may take behind its head, milliseconds. */
  readonly bodyMs: number;
  readonly signal: AbortSignal;
}

/** What an exchange came to. */
export interface Exchanged {
  readonly head: AnswerHead;
  readonly body: AnswerBody;
  /** Whether the connection can be used for another exchange. */
  readonly isReusable: boolean;
}

/** An exchange that is under way. */
interface UnderWay extends Omit<Exchange, 'request' | 'maxResponseBytes'> {
  readonly reader: AnswerReader;
  readonly onAbort: () => void;
  readonly resolve: (exchanged: Exchanged) => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
}

/**
 * A connection that carries one exchange after another. It listens to its socket once: doing so anew for each exchange
 * would cost more than reading the answer.
 */
export class HttpConnection {
  private current: UnderWay | undefined;

  /**
   * @param socket one that stands open
   * @param onIdleEvent called when the receiver says or does anything between two exchanges: nothing is expected of it
   *   then, and the connection is closed already
   */
  constructor(
    private readonly socket: Socket,
    private readonly onIdleEvent: (connection: HttpConnection) => void,
  ) {
    const onEnd = (): void => this.closed();
    socket
      .on('data', (chunk) => this.read(chunk))
      .on('end', onEnd)
      .on('close', onEnd)
      .on('error', (error) => this.failed(error));
  }

  /**
   * Sends a request and reads the answer. The head decides, as soon as it has come: a body that is broken, late or endless
   * is cut off, and says nothing against the status. The connection is closed unless it is reusable.
   * @throws {UnreadableAnswer} where no head came that can be read
   * @throws the signal's reason where none came in time, and what the connection failed with
   */
  async exchange({ request, maxResponseBytes, bodyMs, signal }: Exchange): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      const reader = new AnswerReader(maxResponseBytes);
      const onAbort = (): void => this.abort(signal.reason as Error);
      this.current = { reader, bodyMs, signal, onAbort, resolve, reject };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort);
      const [first] = request;
      if (request.length === 1 && first !== undefined) this.socket.write(first);
      else {
        this.socket.cork();
        for (const part of request) this.socket.write(part);
        this.socket.uncork();
      }
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const { current } = this;
    if (current === undefined) {
      this.closed();
      return;
    }
    const { reader } = current;
    try {
      if (reader.push(chunk)) this.answer(current);
      else if (reader.head !== undefined) current.timer ??= setTimeout(() => this.answer(current), current.bodyMs);
    } catch (error) {
      this.fail(current, error as Error);
    }
  }

  private closed(): void {
    const { current } = this;
    if (current === undefined) {
      this.close();
      this.onIdleEvent(this);
      return;
    }
    try {
      current.reader.close();
      this.answer(current);
    } catch (error) {
      this.fail(current, error as Error);
    }
  }

  /** An error of the socket. Once anything has come back it is as good as a close: what came decides. */
  private failed(error: Error): void {
    const { current } = this;
    if (current === undefined || current.reader.hasBegun) this.closed();
    else this.fail(current, error);
  }

  private abort(reason: Error): void {
    const { current } = this;
    if (current === undefined) return;
    if (current.reader.head === undefined) this.fail(current, reason);
    else this.answer(current);
  }

  private answer(current: UnderWay): void {
    const { head, body } = current.reader;
    if (head === undefined || body === undefined) return;
    this.leave(current);
    const { destroyed, readableEnded, writableLength } = this.socket;
    // Where the answer came before the request was read whole, its rest would stand before the next request.
    const isReusable = body.isComplete && head.isKeptAlive && !destroyed && !readableEnded && writableLength === 0;
    if (!isReusable) this.close();
    current.resolve({ head, body, isReusable });
  }

  private fail(current: UnderWay, error: Error): void {
    this.leave(current);
    this.close();
    current.reject(error);
  }

  private leave({ timer, signal, onAbort }: UnderWay): void {
    this.current = undefined;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
