import type { StoredBatch } from './event.repository.js';

/** What the ingest tells of itself: to readiness, to the watchdog and to metrics. */
export class IngestState {
  private failure: string | undefined;
  private readonly totals = { stored: 0, doubled: 0, letters: 0 };

  constructor(private readonly report: (message: string) => void) {}

  stored(batch: StoredBatch): void {
    this.totals.stored += batch.stored;
    this.totals.doubled += batch.doubled;
    this.totals.letters += batch.letters;
  }

  databaseFailed(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    // Said once an outage, not once an attempt.
    if (this.failure === undefined) this.report(`the database is away, the ingest waits: ${failure}`);
    this.failure = failure;
  }

  databaseAnswered(): void {
    if (this.failure !== undefined) this.report('the database is back, the ingest goes on');
    this.failure = undefined;
  }

  /** Why the ingest waits; undefined while it does not. */
  get waitsFor(): string | undefined {
    return this.failure;
  }

  get counts(): Readonly<Record<keyof StoredBatch, number>> {
    return this.totals;
  }
}
