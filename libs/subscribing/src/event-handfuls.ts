import type { Arrival, BatchInHand } from './batch-in-hand.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { verdictOf } from './handling-verdict.js';

/** Hands the events of one batch to one handler by the handful, one handful after the other. */
export class EventHandfuls {
  /** @param handler with a size */
  constructor(
    private readonly handler: HandlerWork,
    private readonly batch: BatchInHand,
    private readonly failed: FailedHandling,
  ) {}

  /** Resolves when all is done, or the batch has been taken away. Never rejects. */
  async run(arrivals: readonly Arrival[]): Promise<void> {
    const size = this.handler.size ?? 1;
    for (let at = 0; at < arrivals.length; at += size) {
      if (this.batch.isStale()) return;
      await this.handle(arrivals.slice(at, at + size), 0);
    }
  }

  /** @param failed attempts that count, made with a larger handful: a part of it does not begin the schedule anew */
  private async handle(handful: readonly Arrival[], failed: number): Promise<void> {
    const { handler, batch } = this;
    const [first] = handful;
    if (first === undefined) return;
    let failures = failed;
    let holds = 0;
    for (;;) {
      const error = await this.attempt(handful, first, failures + 1);
      if (error === undefined) return;
      const verdict = verdictOf(error.thrown, failures + 1, holds, handler.retryAfterMs, Math.random());
      if (verdict.kind === 'done') {
        handler.counts.skipped += handful.length;
        for (const arrival of handful) batch.done(arrival);
        return;
      }
      handler.counts.failures += 1;
      if (verdict.kind === 'dead-letter') {
        await this.divide(handful, first, error.thrown, failures + 1);
        return;
      }
      this.failed.report(handler, first, error.thrown, failures + 1, verdict.afterMs);
      if (!(await this.failed.pause(verdict.afterMs, batch))) return;
      if (verdict.kind === 'hold') holds += 1;
      else [failures, holds] = [failures + 1, 0];
    }
  }

  /** Halves until the event to blame is alone: its neighbours are handled. */
  private async divide(handful: readonly Arrival[], first: Arrival, error: unknown, failures: number): Promise<void> {
    if (handful.length === 1) {
      await this.failed.bury(this.handler, first, error, failures, this.batch);
      return;
    }
    const middle = Math.ceil(handful.length / 2);
    for (const half of [handful.slice(0, middle), handful.slice(middle)]) {
      if (this.batch.isStale()) return;
      await this.handle(half, failures);
    }
  }

  /** @returns what it threw; undefined when it succeeded */
  private async attempt(
    handful: readonly Arrival[],
    first: Arrival,
    number: number,
  ): Promise<{ readonly thrown: unknown } | undefined> {
    const { handler, batch } = this;
    const began = performance.now();
    try {
      const events = handful.map(({ event }) => event);
      await handler.invoke(events, batch.attempt(first, number));
    } catch (thrown) {
      return { thrown };
    }
    handler.counts.handled += handful.length;
    handler.observe?.((performance.now() - began) / 1_000);
    for (const arrival of handful) batch.done(arrival);
    batch.tell();
    return undefined;
  }
}
