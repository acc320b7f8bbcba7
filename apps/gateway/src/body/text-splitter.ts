import { INTAKE_LIMITS } from '@tidings/catalogue';

/** A text that was longer than allowed: only its beginning is kept. */
export interface Oversize {
  readonly beginning: Buffer;
}

/** One JSON text as it stood in the body, without white space around it; or that there was one, but too long. */
export type Cut = Buffer | Oversize;

/** Was the text longer than allowed? */
export function isOversize(cut: Cut): cut is Oversize {
  return !Buffer.isBuffer(cut);
}

/**
 * How texts stand in a body. In `lines` each one stands for itself, so a bad one concerns nobody else; an `array` or a
 * single `document` is one JSON text as a whole, so a bad part makes the body no JSON.
 */
export type Framing = 'lines' | 'array' | 'document';

/** Cuts a body that arrives piece by piece into JSON texts, holding no more than one of them. */
export interface TextSplitter {
  readonly framing: Framing;
  /** How much of an unfinished text is kept, bytes. */
  readonly heldBytes: number;
  /**
   * Lazily, so that a caller who has no room for more simply stops asking.
   * @throws {BodyError} where the frame itself is broken
   */
  write(chunk: Buffer): Generator<Cut, void>;
  /** The body is over. @throws {BodyError} where it ends too soon */
  end(): Generator<Cut, void>;
}

/** The white space that JSON knows. */
export function isJsonSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Takes the white space off both ends, without copying. */
export function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && isJsonSpace(bytes[start])) start += 1;
  while (end > start && isJsonSpace(bytes[end - 1])) end -= 1;
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** Some editors on Windows put one in front; it is not part of the text. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes;
}

/** Collects the pieces of one text, up to a limit. */
export class TextPieces {
  private pieces: Buffer[] = [];
  private size = 0;

  /** @param limit bytes; a text longer than that is dropped as it comes */
  constructor(private readonly limit: number) {}

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** What is kept, bytes. */
  get heldBytes(): number {
    return this.size > this.limit ? (this.pieces[0]?.length ?? 0) : this.size;
  }

  /** @param piece kept as it is, without copying */
  add(piece: Buffer): void {
    const wasOversize = this.size > this.limit;
    this.size += piece.length;
    if (wasOversize || piece.length === 0) return;
    this.pieces.push(piece);
    if (this.size > this.limit) this.pieces = [beginningOf(Buffer.concat(this.pieces))];
  }

  /** The whole text, and begins the next one. */
  take(): Cut {
    const [first, ...more] = this.pieces;
    const isOversize = this.size > this.limit;
    this.pieces = [];
    this.size = 0;
    if (isOversize) return { beginning: first ?? EMPTY };
    if (first === undefined) return EMPTY;
    return more.length === 0 ? first : Buffer.concat([first, ...more]);
  }
}

/** What is kept of bytes that are too many to be kept: a copy, so that the rest of them is let go of. */
export function beginningOf(bytes: Buffer): Buffer {
  const { value: most } = INTAKE_LIMITS.beginning;
  return bytes.length <= most ? bytes : Buffer.from(bytes.subarray(0, most));
}

const EMPTY = Buffer.alloc(0);
