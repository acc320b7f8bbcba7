const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Finds where a JSON value ends, over as many pieces as it takes, by its brackets and quotes alone. Whether it is valid
 * in between is for the parser to say.
 */
export class JsonValueScanner {
  private kind: 'unknown' | 'delimited' | 'scalar' = 'unknown';
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isDone = false;

  /** Starts over, for the next value; its first byte comes next. */
  begin(): void {
    this.kind = 'unknown';
    this.depth = 0;
    this.isInString = false;
    this.isEscaped = false;
    this.isDone = false;
  }

  /** Is the value whole? */
  get isComplete(): boolean {
    return this.isDone;
  }

  /** May the value be whole if nothing follows? A number or a literal does not say where it ends. */
  get endsHere(): boolean {
    return this.isDone || this.kind === 'scalar';
  }

  /** @returns the index behind the value's last byte, or the piece's length where it goes on */
  scan(piece: Buffer, from: number): number {
    const isFirst = this.kind === 'unknown';
    if (isFirst) this.kind = isScalarStart(piece[from]) ? 'scalar' : 'delimited';
    // A value has at least one byte, whichever, or it would be looked for in the same place again.
    if (this.kind === 'scalar') return this.scanScalar(piece, isFirst ? from + 1 : from);
    return this.scanDelimited(piece, from);
  }

  private scanScalar(piece: Buffer, from: number): number {
    for (let index = from; index < piece.length; index += 1) {
      const byte = piece[index] ?? 0;
      if (byte <= 0x20 || byte === 0x2c || byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
        this.isDone = true;
        return index;
      }
    }
    return piece.length;
  }

  private scanDelimited(piece: Buffer, from: number): number {
    let { depth, isInString, isEscaped } = this;
    let index = from;
    for (; index < piece.length; index += 1) {
      const byte = piece[index];
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (depth === 0) break;
        }
      } else if (byte === QUOTE) {
        isInString = true;
      } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
        depth += 1;
      } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
        depth -= 1;
        if (depth === 0) break;
      }
    }
    this.isDone = index < piece.length;
    this.depth = depth;
    this.isInString = isInString;
    this.isEscaped = isEscaped;
    return this.isDone ? index + 1 : index;
  }
}

function isScalarStart(byte: number | undefined): boolean {
  return byte !== QUOTE && byte !== OPENING_BRACE && byte !== OPENING_BRACKET;
}
