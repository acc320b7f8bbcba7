import { BodyError } from './body-error.js';
import { isWide, WIDE } from './json-text.js';
import { JsonValueScanner } from './json-value-scanner.js';
import { LineSplitter } from './line-splitter.js';
import { isJsonSpace, TextPieces, type Cut, type Framing, type TextSplitter } from './text-splitter.js';

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

type State = 'start' | 'element or end' | 'element' | 'value' | 'comma or end' | 'over';

/**
 * A JSON body: an array is cut into its elements while it still arrives, anything else is one text. Where `lines` are
 * allowed, a complete text that is followed by a new line and another one shows that the body is NDJSON after all.
 */
export class JsonSplitter implements TextSplitter {
  private state: State = 'start';
  private kind: 'array' | 'document' = 'document';
  private lines: LineSplitter | undefined;
  private readonly pieces: TextPieces;
  private readonly scanner = new JsonValueScanner();
  private isOnLaterLine = false;
  private position = 0;

  /** @param limit the longest text that is kept, bytes; longer ones are skipped up to their end */
  constructor(
    private readonly limit: number,
    private readonly allows: { readonly lines: boolean },
  ) {
    this.pieces = new TextPieces(limit);
  }

  get framing(): Framing {
    return this.lines === undefined ? this.kind : 'lines';
  }

  get heldBytes(): number {
    return this.lines?.heldBytes ?? this.pieces.heldBytes;
  }

  *write(chunk: Buffer): Generator<Cut, void> {
    if (this.lines !== undefined) {
      yield* this.lines.write(chunk);
      return;
    }
    if (this.position === 0 && this.state === 'start' && isWide(chunk)) throw new BodyError('malformed_json', WIDE);
    let index = 0;
    while (index < chunk.length) {
      if (this.state === 'value') {
        const end = this.scanner.scan(chunk, index);
        this.pieces.add(chunk.subarray(index, end));
        index = end;
        if (this.scanner.isComplete) yield this.valueEnded();
        continue;
      }
      if (this.state === 'over' && this.isOnLaterLine && this.allows.lines && !isJsonSpace(chunk[index])) {
        this.lines = new LineSplitter(this.limit);
        yield* this.lines.write(chunk.subarray(index));
        return;
      }
      index += this.between(chunk, index);
    }
    this.position += chunk.length;
  }

  *end(): Generator<Cut, void> {
    if (this.lines !== undefined) {
      yield* this.lines.end();
    } else if (this.state === 'value' && this.kind === 'document' && this.scanner.endsHere) {
      yield this.valueEnded();
    } else if (this.state !== 'start' && this.state !== 'over') {
      throw new BodyError('malformed_json', `the JSON ${this.kind} breaks off at its end, byte ${this.position}`);
    }
  }

  /** @returns how many bytes are done with: none where a value begins */
  private between(chunk: Buffer, index: number): 0 | 1 {
    const byte = chunk[index] ?? 0;
    const at = this.position + index;
    if (isJsonSpace(byte)) {
      if (byte === NEWLINE && this.state === 'over') this.isOnLaterLine = this.kind === 'document';
      return 1;
    }
    switch (this.state) {
      case 'start':
        if (byte === BYTE_ORDER_MARK[at]) return 1;
        if (byte === OPENING_BRACKET) {
          this.kind = 'array';
          this.state = 'element or end';
          return 1;
        }
        return this.begin();
      case 'element or end':
        if (byte === CLOSING_BRACKET) return this.finish();
        return this.beginElement(byte, at);
      case 'element':
        return this.beginElement(byte, at);
      case 'comma or end':
        if (byte === CLOSING_BRACKET) return this.finish();
        if (byte !== COMMA) throw new BodyError('malformed_json', `there is no comma or closing bracket at byte ${at}`);
        this.state = 'element';
        return 1;
      default:
        throw new BodyError('malformed_json', `there is more text behind the JSON ${this.kind}, at byte ${at}`);
    }
  }

  private beginElement(byte: number, at: number): 0 {
    if (byte === COMMA || byte === CLOSING_BRACKET) {
      throw new BodyError('malformed_json', `an element of the array is missing at byte ${at}`);
    }
    return this.begin();
  }

  private begin(): 0 {
    this.scanner.begin();
    this.state = 'value';
    return 0;
  }

  private finish(): 1 {
    this.state = 'over';
    return 1;
  }

  private valueEnded(): Cut {
    this.state = this.kind === 'array' ? 'comma or end' : 'over';
    return this.pieces.take();
  }
}
