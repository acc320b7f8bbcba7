import type { Arrival, BatchInHand } from './batch-in-hand.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { firstAttempt, type PendingRetry } from './pending-retry.js';

/** Hands the events of one batch to one handler by the handful, one handful after the other. */
export class EventHandfuls {
  /** @param handler with a size */
  constructor(
    private readonly handler: HandlerWork,
    private readonly batch: BatchInHand,
    private readonly failed: FailedHandling,
  ) {}

  /** Resolves when there is nothing more to do now: what is not done waits, or the batch has been taken away. */
  async run(arrivals: readonly Arrival[]): Promise<void> {
    const { size = 1 } = this.handler;
    let at = 0;
    while (at < arrivals.length) {
      const pending = arrivals[at]?.pending ?? firstAttempt(size);
      const handful = arrivals.slice(at, at + pending.size);
      if (!(await this.handle(handful, pending))) return;
      at += handful.length;
    }
  }

  /** @returns false where it is not done */
  private async handle(handful: readonly Arrival[], standing: PendingRetry): Promise<boolean> {
    const { handler, batch, failed } = this;
    const [first] = handful;
    let pending: PendingRetry | undefined = standing;
    while (pending !== undefined && first !== undefined) {
      if (!(await failed.wait(first, pending, batch))) return false;
      if (pending.reason === undefined) pending = await this.attempt(handful, first, pending);
      else if (handful.length > 1) return this.divide(handful, pending.failures);
      else pending = await failed.bury(handler, first, pending, batch);
    }
    return true;
  }

  /**
   * Halves until the event to blame is alone: its neighbours are handled.
   * @param failures attempts that count, made with the whole: a part of it does not begin the schedule anew
   */
  private async divide(handful: readonly Arrival[], failures: number): Promise<boolean> {
    const middle = Math.ceil(handful.length / 2);
    const [one, other] = [handful.slice(0, middle), handful.slice(middle)];
    const [first] = other;
    if (first !== undefined) first.pending = firstAttempt(other.length, failures);
    if (!(await this.handle(one, firstAttempt(one.length, failures)))) return false;
    return this.handle(other, firstAttempt(other.length, failures));
  }

  /** @returns how they stand where it threw; undefined when they are done */
  private async attempt(
    handful: readonly Arrival[],
    first: Arrival,
    pending: PendingRetry,
  ): Promise<PendingRetry | undefined> {
    const { handler, batch } = this;
    const began = performance.now();
    try {
      const events = handful.map(({ event }) => event);
      for (const event of events) event.check();
      await handler.invoke(events, batch.attempt(first, pending.failures + 1));
    } catch (error) {
      return this.failed.judge(handler, handful, error, pending, batch);
    }
    handler.counts.handled += handful.length;
    handler.observe?.((performance.now() - began) / 1_000);
    for (const arrival of handful) arrival.isDone = true;
    batch.tell();
    return undefined;
  }
}
