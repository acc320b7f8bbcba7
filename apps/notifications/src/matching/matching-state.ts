/** What the matcher tells of itself: to readiness, to the watchdog and to metrics. */
export class MatchingState {
  private failure: string | undefined;
  private readonly totals = { read: 0, skipped: 0, taken: 0, deliveries: 0 };

  constructor(private readonly report: (message: string) => void) {}

  handled(batch: Readonly<MatchingState['totals']>): void {
    this.totals.read += batch.read;
    this.totals.skipped += batch.skipped;
    this.totals.taken += batch.taken;
    this.totals.deliveries += batch.deliveries;
  }

  databaseFailed(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    // Said once an outage, not once an attempt.
    if (this.failure === undefined) this.report(`the database is away, matching waits: ${failure}`);
    this.failure = failure;
  }

  databaseAnswered(): void {
    if (this.failure !== undefined) this.report('the database is back, matching goes on');
    this.failure = undefined;
  }

  /** Why matching waits; undefined while it does not. */
  get waitsFor(): string | undefined {
    return this.failure;
  }

  /** Messages read; of them skipped, for they are no events that the store takes; events taken; deliveries made. */
  get counts(): Readonly<MatchingState['totals']> {
    return this.totals;
  }
}
