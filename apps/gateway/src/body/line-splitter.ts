import {
  isJsonSpace,
  beginningOf,
  isOversize,
  TextPieces,
  trimmed,
  withoutByteOrderMark,
  type Cut,
  type TextSplitter,
} from './text-splitter.js';

/** The names that NDJSON goes by. */
export const LINE_MEDIA_TYPES: readonly string[] = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
];

const NEWLINE = 0x0a;
/** White space around a text does not count towards its size, within reason. */
const WHITE_SPACE_ALLOWANCE = 64;

/** NDJSON: one text a line, ended by LF or CR LF; blank lines are nothing. */
export class LineSplitter implements TextSplitter {
  readonly framing = 'lines';
  private readonly pieces: TextPieces;
  private isFirst = true;

  /** @param limit the longest text that is kept, bytes; longer ones are skipped up to the end of their line */
  constructor(private readonly limit: number) {
    this.pieces = new TextPieces(limit + WHITE_SPACE_ALLOWANCE);
  }

  get heldBytes(): number {
    return this.pieces.heldBytes;
  }

  *write(chunk: Buffer): Generator<Cut, void> {
    let from = 0;
    for (;;) {
      // White space in front of a text is nothing, and a body may hold a great deal of it.
      if (this.pieces.isEmpty) while (isJsonSpace(chunk[from])) from += 1;
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1) break;
      this.pieces.add(chunk.subarray(from, newline));
      from = newline + 1;
      yield* this.line();
    }
    if (from < chunk.length) this.pieces.add(chunk.subarray(from));
  }

  *end(): Generator<Cut, void> {
    yield* this.line();
  }

  private *line(): Generator<Cut, void> {
    if (this.pieces.isEmpty) return;
    const line = this.pieces.take();
    if (isOversize(line)) {
      yield line;
    } else {
      const text = trimmed(this.isFirst ? withoutByteOrderMark(line) : line);
      if (text.length > this.limit) yield { beginning: beginningOf(text) };
      else if (text.length > 0) yield text;
    }
    this.isFirst = false;
  }
}
