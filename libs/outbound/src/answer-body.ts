import { type AnswerHead, tokensOf } from './answer-head.js';

/** The longest line before a chunk, with whatever extensions it has, bytes. */
const LONGEST_CHUNK_LINE = 4_096;

/** Reads a body as far as its framing says and its bound allows. What is broken in it ends it, and nothing else. */
export class AnswerBody {
  /** Whether all of it has come. */
  isComplete = false;
  /** Nothing more is read, complete or not. */
  isEnded = false;
  private readonly kept: Buffer[] = [];
  private length = 0;
  private readonly chunked: ChunkReader | undefined;
  /** What is still to come; undefined: until the connection closes. */
  private left: number | undefined;

  /** @param most of the body, bytes; what is behind it is not read */
  constructor(
    { status, headers }: AnswerHead,
    private readonly most: number,
  ) {
    const coding = tokensOf(headers['transfer-encoding']);
    const lengths = new Set(tokensOf(headers['content-length']));
    const [length = ''] = lengths;
    if (status === 204 || status === 304) {
      // They have no body whatever their head says: what it says is not waited for.
      this.isEnded = true;
      this.isComplete = coding.length === 0 && (lengths.size === 0 || length === '0' || status === 304);
    } else if (coding.at(-1) === 'chunked') this.chunked = new ChunkReader();
    else if (coding.length === 0 && lengths.size === 1 && /^\d{1,15}$/.test(length)) {
      this.left = Number(length);
      if (this.left === 0) this.end(true);
    }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.kept, this.length);
  }

  /** Takes what came. Bytes behind the end make the body incomplete: the connection is not in step any more. */
  push(chunk: Buffer): void {
    if (this.chunked !== undefined && !this.isEnded) {
      const state = this.chunked.push(chunk, (data) => this.keep(data));
      if (state !== 'more') this.end(state === 'complete');
      return;
    }
    if (this.isEnded) {
      if (chunk.length > 0) this.isComplete = false;
      return;
    }
    const own = this.left === undefined ? chunk : chunk.subarray(0, this.left);
    this.keep(own);
    if (this.left === undefined) return;
    this.left -= own.length;
    if (this.left === 0 && !this.isEnded) this.end(chunk.length === own.length);
  }

  /** The connection has closed. */
  close(): void {
    if (!this.isEnded) this.end(this.chunked === undefined && this.left === undefined);
  }

  private keep(data: Buffer): void {
    const own = data.subarray(0, this.most - this.length);
    if (own.length > 0) this.kept.push(own);
    this.length += own.length;
    if (own.length < data.length) this.end(false);
  }

  private end(isComplete: boolean): void {
    this.isEnded = true;
    this.isComplete = isComplete;
  }
}

/** Takes the chunks of a transfer coding apart. */
class ChunkReader {
  private line = '';
  private left = 0;
  private state: 'size' | 'data' | 'behind' | 'trailers' = 'size';

  /** @returns `broken` where it is not the coding */
  push(chunk: Buffer, onData: (data: Buffer) => void): 'more' | 'complete' | 'broken' {
    for (let at = 0; at < chunk.length;) {
      if (this.state === 'data') {
        const data = chunk.subarray(at, at + this.left);
        onData(data);
        at += data.length;
        this.left -= data.length;
        if (this.left === 0) this.state = 'behind';
        continue;
      }
      const end = chunk.indexOf('\n', at, 'latin1');
      this.line += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
      if (this.line.length > LONGEST_CHUNK_LINE) return 'broken';
      if (end < 0) return 'more';
      at = end + 1;
      const line = this.line.replace(/\r$/, '');
      this.line = '';
      const isOver = this.take(line);
      if (isOver === 'broken') return 'broken';
      if (isOver === 'complete') return at === chunk.length ? 'complete' : 'broken';
    }
    return 'more';
  }

  private take(line: string): 'more' | 'complete' | 'broken' {
    if (this.state === 'trailers') return line === '' ? 'complete' : 'more';
    if (this.state === 'behind') {
      this.state = 'size';
      return line === '' ? 'more' : 'broken';
    }
    const [, size] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
    if (size === undefined) return 'broken';
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? 'trailers' : 'data';
    return 'more';
  }
}
