/** The pauses between attempts, milliseconds. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** So that many who lost the same peer do not come back at once. */
const JITTER = 0.2;

/** How long to wait after one failure after another. */
export class BackOff {
  private next = FIRST_MS;

  /** @param random from 0 up to 1 */
  constructor(private readonly random: () => number = Math.random) {}

  /** The pause after another failure, milliseconds. */
  pause(): number {
    const pause = this.next * (1 - JITTER + 2 * JITTER * this.random());
    this.next = Math.min(LONGEST_MS, this.next * 2);
    return Math.round(pause);
  }

  /** It went well: the next failure is the first one again. */
  reset(): void {
    this.next = FIRST_MS;
  }
}
