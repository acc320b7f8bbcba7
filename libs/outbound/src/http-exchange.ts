import type { Socket } from 'node:net';
import { AnswerBody } from './answer-body.js';
import { type AnswerHead, endOfHead, MOST_HEAD_BYTES, notHttp, parseHead } from './answer-head.js';
import { UnreadableAnswer } from './unreadable-answer.js';

const NOTHING = Buffer.alloc(0);

/** What one exchange takes. */
export interface Exchange {
  /** The head of the request and its body, as they are written. */
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

/** The connection ended before a byte of an answer. */
export class ClosedWithoutAnswer extends UnreadableAnswer {
  constructor() {
    super('ERR_NO_ANSWER', 'The receiver closed the connection without an answer.');
  }
}

/**
 * Sends a request over a connection and reads the answer. The head decides, as soon as it has come: a body that is
 * broken, late or endless is cut off, and says nothing against the status. Interim answers (1xx) are passed over, however
 * many there are.
 * @throws {UnreadableAnswer} where no head came that can be read
 * @throws the signal's reason where none came in time, and what the connection failed with
 */
export async function exchange(
  socket: Socket,
  { request, maxResponseBytes, bodyMs, signal }: Exchange,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let read: Buffer = NOTHING;
    let searched = 0;
    let interimBytes = 0;
    let head: AnswerHead | undefined;
    let body: AnswerBody | undefined;
    let timer: NodeJS.Timeout | undefined;

    const leave = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
    };
    const answer = (): void => {
      if (head === undefined || body === undefined) return;
      leave();
      resolve({ head, body, isReusable: body.isComplete && head.isKeptAlive && !socket.destroyed });
    };
    const fail = (error: Error): void => {
      leave();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      if (head === undefined) fail(signal.reason as Error);
      else answer();
    };
    const onError = (error: Error): void => {
      if (head === undefined) fail(error);
      else answer();
    };
    const onEnd = (): void => {
      if (body !== undefined) {
        body.close();
        answer();
      } else if (read.length === 0 && interimBytes === 0) fail(new ClosedWithoutAnswer());
      else fail(brokenOff(read, interimBytes > 0));
    };
    const onData = (chunk: Buffer): void => {
      try {
        if (body === undefined) takeHead(chunk);
        else body.push(chunk);
      } catch (error) {
        fail(error as Error);
        return;
      }
      if (body?.isEnded === true) answer();
    };
    const takeHead = (chunk: Buffer): void => {
      read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
      for (;;) {
        // Some servers put an empty line behind the answer before.
        if (searched === 0) while (read[0] === 13 && read[1] === 10) read = read.subarray(2);
        if (read.length === 0 || (read.length === 1 && read[0] === 13)) return;
        const end = endOfHead(read, searched);
        searched = read.length;
        if (end === undefined) return;
        const found = parseHead(read.toString('latin1', 0, end));
        const behind = read.subarray(end);
        if (found.status === 101) {
          throw new UnreadableAnswer('ERR_ANSWER_HEAD', 'The receiver answered 101 Switching Protocols, unasked.');
        }
        if (found.status >= 200) {
          head = found;
          body = new AnswerBody(head, maxResponseBytes);
          read = NOTHING;
          timer = setTimeout(answer, bodyMs);
          if (behind.length > 0) body.push(behind);
          return;
        }
        interimBytes += end;
        if (interimBytes > MOST_HEAD_BYTES) {
          const problem = `The receiver sent more than ${MOST_HEAD_BYTES} bytes of interim answers (1xx) and no other.`;
          throw new UnreadableAnswer('ERR_ANSWER_HEAD', problem);
        }
        read = behind;
        searched = 0;
      }
    };

    if (signal.aborted) {
      fail(signal.reason as Error);
      return;
    }
    signal.addEventListener('abort', onAbort);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    socket.cork();
    for (const part of request) socket.write(part);
    socket.uncork();
  });
}

/** The connection ended in the middle of what should have been a head. */
function brokenOff(read: Buffer, hadInterim: boolean): UnreadableAnswer {
  if (read.length === 0 && hadInterim) {
    const problem = 'The receiver closed the connection behind an interim answer (1xx), without a final one.';
    return new UnreadableAnswer('ERR_NO_ANSWER', problem);
  }
  return read.indexOf('HTTP/') === 0
    ? new UnreadableAnswer(
        'ERR_ANSWER_HEAD',
        'The receiver closed the connection in the middle of the head of its answer.',
      )
    : notHttp(read);
}
