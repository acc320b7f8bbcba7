/** Takes the line at the cursor away. */
const ERASE = '\r\u001b[K';

/** Where progress is shown: a terminal, where one line is written over and over, or anything else, where lines add up. */
export interface StatusOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** The last line of a terminal, which says what is going on. Everything else is written above it. */
export class StatusLine {
  private shown = '';

  constructor(private readonly out: StatusOutput) {}

  get isTerminal(): boolean {
    return this.out.isTTY === true;
  }

  /** Shows a text in place of the one before; nothing where it is empty. Only for a terminal. */
  show(text: string): void {
    this.out.write(`${ERASE}${text}`);
    this.shown = text;
  }

  /** Writes a whole line above it. */
  line(text: string): void {
    this.above(() => this.out.write(`${text}\n`));
  }

  /** Lets others write whole lines above it. */
  above(write: () => void): void {
    if (this.shown !== '') this.out.write(ERASE);
    write();
    if (this.shown !== '') this.out.write(this.shown);
  }
}

/** That of this process: the log is written above it. */
export const statusLine = new StatusLine(process.stderr);
