import type { SourcePlan } from './source-plan.js';

/** What an instance's rules do to each event is said once in so long, milliseconds. */
const SAID_EVERY_MS = 60_000;

/** What the matcher tells of itself: to readiness, to the watchdog and to metrics. */
export class MatchingState {
  private failure: string | undefined;
  private readonly totals = { read: 0, skipped: 0, taken: 0, refused: 0, deliveries: 0 };
  private filtersCutShort = 0;
  /** By instance: when it was last said that its filters cost too much. */
  private readonly saidAt = new Map<string, number>();

  constructor(private readonly report: (message: string) => void) {}

  handled(batch: Readonly<Omit<MatchingState['totals'], 'refused'>>): void {
    this.totals.read += batch.read;
    this.totals.skipped += batch.skipped;
    this.totals.taken += batch.taken;
    this.totals.deliveries += batch.deliveries;
  }

  /** An event that some subscription takes cannot be kept: nobody gets it. */
  refused(): void {
    this.totals.refused += 1;
  }

  /** Filters of an instance came to no end for an event, and so did not match it. */
  cutShort({ instance, source }: SourcePlan, filters: number): void {
    this.filtersCutShort += filters;
    const now = performance.now();
    const last = this.saidAt.get(instance.id);
    if (last !== undefined && now - last < SAID_EVERY_MS) return;
    this.saidAt.set(instance.id, now);
    this.report(
      `${filters} filters of the instance ${instance.id}, source ${source.id}, cost more for an event than they may, ` +
        'and did not match it',
    );
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

  /** How many filters came to no end, an event each. */
  get cutShortCount(): number {
    return this.filtersCutShort;
  }

  /** Messages read; of them skipped, for they are no events that the store takes; events taken; of them refused by the database; deliveries made. */
  get counts(): Readonly<MatchingState['totals']> {
    return this.totals;
  }
}
