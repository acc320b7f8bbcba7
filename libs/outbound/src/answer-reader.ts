import { AnswerBody } from './answer-body.js';
import { type AnswerHead, endOfHead, MOST_HEAD_BYTES, notHttp, parseHead } from './answer-head.js';
import { ClosedWithoutAnswer, UnreadableAnswer } from './unreadable-answer.js';

const CR = 13;
const LF = 10;
const NOTHING = Buffer.alloc(0);

/** Takes apart what comes back for one request. Interim answers (1xx) are passed over, however many there are. */
export class AnswerReader {
  /** The head that decides; undefined: it has not come yet. */
  head: AnswerHead | undefined;
  /** There with the head. */
  body: AnswerBody | undefined;
  private read: Buffer = NOTHING;
  private searched = 0;
  private interimBytes = 0;

  /** @param maxBodyBytes of the body; what is behind it is not read */
  constructor(private readonly maxBodyBytes: number) {}

  /** Whether anything came back that counts. */
  get hasBegun(): boolean {
    return this.body !== undefined || this.read.length > 0 || this.interimBytes > 0;
  }

  /**
   * Takes what came.
   * @returns whether nothing more is read
   * @throws {UnreadableAnswer} where it cannot become an answer
   */
  push(chunk: Buffer): boolean {
    if (this.body === undefined) this.takeHead(chunk);
    else this.body.push(chunk);
    return this.body?.isEnded === true;
  }

  /** The connection has closed. @throws {UnreadableAnswer} where it did so before a head */
  close(): void {
    if (this.body !== undefined) this.body.close();
    else if (this.read.length > 0) throw brokenOff(this.read);
    else if (this.interimBytes === 0) throw new ClosedWithoutAnswer();
    else {
      const problem = 'The receiver closed the connection behind an interim answer (1xx), without a final one.';
      throw new UnreadableAnswer('ERR_NO_ANSWER', problem);
    }
  }

  private takeHead(chunk: Buffer): void {
    let read = this.read.length === 0 ? chunk : Buffer.concat([this.read, chunk]);
    for (;;) {
      // Some servers put an empty line behind the answer before.
      if (this.searched === 0) while (read[0] === CR && read[1] === LF) read = read.subarray(2);
      this.read = read;
      if (read.length === 0 || (read.length === 1 && read[0] === CR)) return;
      const end = endOfHead(read, this.searched);
      this.searched = read.length;
      if (end === undefined) return;
      const head = parseHead(read.toString('latin1', 0, end));
      if (head.status === 101) {
        throw new UnreadableAnswer('ERR_ANSWER_HEAD', 'The receiver answered 101 Switching Protocols, unasked.');
      }
      const behind = read.subarray(end);
      if (head.status >= 200) {
        this.begin(head, behind);
        return;
      }
      this.passOver(end);
      read = behind;
    }
  }

  private begin(head: AnswerHead, behind: Buffer): void {
    this.head = head;
    this.body = new AnswerBody(head, this.maxBodyBytes);
    this.read = NOTHING;
    if (behind.length > 0) this.body.push(behind);
  }

  private passOver(bytes: number): void {
    this.interimBytes += bytes;
    this.searched = 0;
    if (this.interimBytes <= MOST_HEAD_BYTES) return;
    const problem = `The receiver sent more than ${MOST_HEAD_BYTES} bytes of interim answers (1xx) and no other.`;
    throw new UnreadableAnswer('ERR_ANSWER_HEAD', problem);
  }
}

/** The connection ended in the middle of what should have been a head. */
function brokenOff(read: Buffer): UnreadableAnswer {
  if (read.indexOf('HTTP/') !== 0) return notHttp(read);
  const problem = 'The receiver closed the connection in the middle of the head of its answer.';
  return new UnreadableAnswer('ERR_ANSWER_HEAD', problem);
}
