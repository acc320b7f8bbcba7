/** When a circuit opens and closes. */
export const CIRCUIT = {
  /** Attempts are counted for this long, milliseconds, in so many parts. */
  windowMs: 300_000,
  parts: 10,
  /** Fewer attempts than this say nothing. */
  minimum: 10,
  /** The share of failures that opens it. */
  failing: 0.7,
  /** How long it stays open before one delivery is let through, milliseconds. */
  openMs: 30_000,
} as const;

interface Part {
  index: number;
  succeeded: number;
  failed: number;
}

/**
 * Keeps deliveries from a destination that fails nearly always: they wait without using up attempts. Each process judges
 * by what it sees itself.
 */
export class CircuitBreaker {
  private readonly parts: Part[] = [];
  /** Undefined: closed. */
  private openedAt: number | undefined;
  private isTrying = false;

  /** @param now a clock that never goes back, milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How many deliveries may begin now: none, one that tries whether it works again, or any. */
  room(): number {
    if (this.openedAt === undefined) return Number.POSITIVE_INFINITY;
    return !this.isTrying && this.now() - this.openedAt >= CIRCUIT.openMs ? 1 : 0;
  }

  get isOpen(): boolean {
    return this.openedAt !== undefined;
  }

  /** A delivery begins. */
  begin(): void {
    if (this.openedAt !== undefined) this.isTrying = true;
  }

  /** A delivery ended without saying anything of the destination. */
  forget(): void {
    this.isTrying = false;
  }

  record(isSuccess: boolean): void {
    const wasTrying = this.isTrying;
    this.isTrying = false;
    if (this.openedAt !== undefined) {
      // What began before it opened and ends now says nothing, unless it is a success.
      if (isSuccess) this.close();
      else if (wasTrying) this.openedAt = this.now();
      return;
    }
    const part = this.currentPart();
    if (isSuccess) part.succeeded += 1;
    else part.failed += 1;
    if (!isSuccess && this.isFailing()) this.openedAt = this.now();
  }

  private close(): void {
    this.openedAt = undefined;
    this.parts.length = 0;
  }

  private currentPart(): Part {
    const index = Math.floor(this.now() / (CIRCUIT.windowMs / CIRCUIT.parts));
    while (this.parts[0] !== undefined && this.parts[0].index <= index - CIRCUIT.parts) this.parts.shift();
    const last = this.parts.at(-1);
    if (last?.index === index) return last;
    const part = { index, succeeded: 0, failed: 0 };
    this.parts.push(part);
    return part;
  }

  private isFailing(): boolean {
    const failed = this.parts.reduce((sum, part) => sum + part.failed, 0);
    const all = this.parts.reduce((sum, part) => sum + part.succeeded, failed);
    return all >= CIRCUIT.minimum && failed / all >= CIRCUIT.failing;
  }
}
