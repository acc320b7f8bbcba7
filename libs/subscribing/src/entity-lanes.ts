import type { Arrival, BatchInHand } from './batch-in-hand.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { verdictOf } from './handling-verdict.js';

/**
 * Hands the events of one batch to one handler: those with the same message key one after the other, the others side by
 * side. An event that waits for its next attempt holds up its own entity, and takes no place away from the others.
 */
export class EntityLanes {
  private readonly lanes = new Map<string, Promise<void>>();
  /** Everything under way, also what has no entity. */
  private readonly underWay = new Set<Promise<void>>();
  private busy = 0;
  private readonly waiters: (() => void)[] = [];

  /** @param atOnce how many calls at most are under way */
  constructor(
    private readonly handler: HandlerWork,
    private readonly batch: BatchInHand,
    private readonly failed: FailedHandling,
    private readonly atOnce: number,
  ) {}

  /** Resolves when nothing is under way any more: all is done, or the batch has been taken away. Never rejects. */
  async run(arrivals: readonly Arrival[]): Promise<void> {
    for (const arrival of arrivals) {
      while (this.busy >= this.atOnce) await this.room();
      if (this.batch.isStale()) break;
      const before = this.lanes.size === 0 ? undefined : this.lanes.get(entityOf(arrival));
      if (before === undefined) this.begin(arrival);
      else this.enter(arrival, this.follow(before, arrival));
    }
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Most handlers succeed, many at once: nothing is kept for those. */
  private begin(arrival: Arrival): void {
    const { handler, batch } = this;
    const began = handler.observe === undefined ? 0 : performance.now();
    let result: unknown;
    try {
      result = handler.invoke(arrival.event, batch.attempt(arrival, 1));
    } catch (error) {
      this.enter(arrival, this.persevere(arrival, error));
      return;
    }
    if (isThenable(result)) this.enter(arrival, this.await(arrival, result, began));
    else this.succeeded(arrival, began);
  }

  private async await(arrival: Arrival, result: PromiseLike<unknown>, began: number): Promise<void> {
    this.busy += 1;
    try {
      await result;
    } catch (error) {
      this.release();
      await this.persevere(arrival, error);
      return;
    }
    this.release();
    this.succeeded(arrival, began);
  }

  private async follow(before: Promise<void>, arrival: Arrival): Promise<void> {
    await before;
    const error = await this.attempt(arrival, 1);
    if (error !== undefined) await this.persevere(arrival, error.thrown);
  }

  /** Tries until the handler succeeds, the event is put aside, or the batch is taken away. */
  private async persevere(arrival: Arrival, first: unknown): Promise<void> {
    const { handler, batch, failed } = this;
    let error = first;
    let holds = 0;
    for (let failures = 1; ;) {
      const verdict = verdictOf(error, failures, holds, handler.retryAfterMs, Math.random());
      if (verdict.kind === 'done') {
        handler.counts.skipped += 1;
        batch.done(arrival);
        return;
      }
      handler.counts.failures += 1;
      if (verdict.kind === 'dead-letter') {
        await failed.bury(handler, arrival, error, failures, batch);
        return;
      }
      failed.report(handler, arrival, error, failures, verdict.afterMs);
      if (!(await failed.pause(verdict.afterMs, batch))) return;
      holds = verdict.kind === 'hold' ? holds + 1 : 0;
      const next = await this.attempt(arrival, verdict.kind === 'hold' ? failures : failures + 1);
      if (next === undefined) return;
      if (verdict.kind === 'retry') failures += 1;
      error = next.thrown;
    }
  }

  /** @returns what it threw; undefined when it succeeded, or when there was no point in trying */
  private async attempt(arrival: Arrival, number: number): Promise<{ readonly thrown: unknown } | undefined> {
    while (this.busy >= this.atOnce) await this.room();
    if (this.batch.isStale()) return undefined;
    this.busy += 1;
    const began = performance.now();
    try {
      await this.handler.invoke(arrival.event, this.batch.attempt(arrival, number));
    } catch (thrown) {
      return { thrown };
    } finally {
      this.release();
    }
    this.succeeded(arrival, began);
    return undefined;
  }

  private succeeded(arrival: Arrival, began: number): void {
    const { handler, batch } = this;
    handler.counts.handled += 1;
    handler.observe?.((performance.now() - began) / 1_000);
    batch.done(arrival);
    batch.tell();
  }

  private enter(arrival: Arrival, work: Promise<void>): void {
    const entity = arrival.record.key === null ? undefined : entityOf(arrival);
    const lane = work.then(() => {
      this.underWay.delete(lane);
      if (entity !== undefined && this.lanes.get(entity) === lane) this.lanes.delete(entity);
    });
    this.underWay.add(lane);
    if (entity !== undefined) this.lanes.set(entity, lane);
  }

  private async room(): Promise<void> {
    await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  private release(): void {
    this.busy -= 1;
    this.waiters.shift()?.();
  }
}

/** Bytes as text of one character each: the key need not be UTF-8. Never asked for where there is none. */
function entityOf({ record }: Arrival): string {
  return record.key?.toString('latin1') ?? '';
}

function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}
