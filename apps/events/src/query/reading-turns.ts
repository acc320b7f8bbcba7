/** Lets a few read large things at a time, in the order in which they asked: what they have read is in memory at once. */
export class ReadingTurns {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param atOnce how many at a time */
  constructor(private readonly atOnce = 4) {}

  /** Waits for a turn. @returns ends it; to be called once */
  async take(): Promise<() => void> {
    if (this.taken < this.atOnce) this.taken += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return () => {
      const next = this.waiting.shift();
      // The turn passes on.
      if (next === undefined) this.taken -= 1;
      else next();
    };
  }
}
