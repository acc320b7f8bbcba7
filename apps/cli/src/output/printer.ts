import { once } from 'node:events';
import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/** A stream that is printed on: a terminal, a file or a pipe. */
export interface PrintStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Prints on one stream: no faster than it is read, and with colours only where a person sees them. */
export class Printer {
  readonly isTerminal: boolean;
  readonly colours: Colours;

  /** @param colours whether they are forced or forbidden; otherwise a terminal decides */
  constructor(
    private readonly stream: PrintStream,
    colours: 'always' | 'never' | undefined,
  ) {
    this.isTerminal = stream.isTTY === true;
    this.colours = pc.createColors(colours === undefined ? this.isTerminal : colours === 'always');
  }

  /** How wide a line may be; undefined in a pipe or a file. */
  get width(): number | undefined {
    return this.isTerminal ? (this.stream.columns ?? 80) : undefined;
  }

  /** Prints text as it is, and waits until there is room for more. */
  async print(text: string | Uint8Array): Promise<void> {
    if (!this.stream.write(text)) await once(this.stream, 'drain');
  }

  async line(text: string): Promise<void> {
    await this.print(`${text}\n`);
  }
}
