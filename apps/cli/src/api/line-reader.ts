/** Cuts bytes that come in pieces into lines of text. */
export class LineReader {
  private readonly decoder = new TextDecoder();
  private rest: string[] = [];

  /** @returns the lines that are whole, without their ends */
  read(chunk: Uint8Array): string[] {
    return this.take(this.decoder.decode(chunk, { stream: true }));
  }

  /** What is left at the end, where the last line has no end of its own. */
  end(): string[] {
    const last = this.rest.join('') + this.decoder.decode();
    this.rest = [];
    return last === '' ? [] : [last];
  }

  private take(text: string): string[] {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length > 0) {
      // A long line comes in many pieces, which are put together once.
      lines[0] = this.rest.join('') + (lines[0] ?? '');
      this.rest = [];
    }
    this.rest.push(last);
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}
