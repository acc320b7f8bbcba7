import type { Arrival, BatchInHand } from './batch-in-hand.js';
import type { FailedHandling } from './failed-handling.js';
import type { HandlerWork } from './handler-work.js';
import { firstAttempt, type PendingRetry } from './pending-retry.js';

/**
 * Hands the events of one batch to one handler: those with the same message key one after the other, the others side by
 * side. An event that waits for its next attempt holds up its own entity, and takes no place away from the others.
 */
export class EntityLanes {
  /** Entities that are worked on, each with its events that wait behind that; no promise an event, for there are many. */
  private readonly lanes = new Map<string, Arrival[] | undefined>();
  /** Entities whose next event may be handed over as soon as there is room. */
  private readonly ready: string[] = [];
  /** Further attempts that wait for room. */
  private readonly waiters: (() => void)[] = [];
  private arrivals: readonly Arrival[] = [];
  private next = 0;
  private busy = 0;
  /** Events begun and not ended, those included that wait in hand for another attempt. */
  private underWay = 0;
  private finish: () => void = () => undefined;

  /** @param atOnce how many calls at most are under way */
  constructor(
    private readonly handler: HandlerWork,
    private readonly batch: BatchInHand,
    private readonly failed: FailedHandling,
    private readonly atOnce: number,
  ) {}

  /** Resolves when there is nothing more to do now: what is not done waits, or the batch has been taken away. Never rejects. */
  async run(arrivals: readonly Arrival[]): Promise<void> {
    this.arrivals = arrivals;
    await new Promise<void>((resolve) => {
      this.finish = resolve;
      this.advance();
    });
  }

  /** Begins what there is room for. Called again whenever something ends. */
  private advance(): void {
    while (this.busy < this.atOnce) {
      const arrival = this.take();
      if (arrival === undefined) break;
      this.begin(arrival);
    }
    if (this.underWay === 0 && this.next >= this.arrivals.length && this.ready.length === 0) this.finish();
  }

  /** The next event that no other of its entity stands before. */
  private take(): Arrival | undefined {
    if (this.batch.isStale()) {
      this.next = this.arrivals.length;
      this.ready.length = 0;
      return undefined;
    }
    const entity = this.ready.shift();
    if (entity !== undefined) return this.lanes.get(entity)?.shift();
    while (this.next < this.arrivals.length) {
      const arrival = this.arrivals[this.next++];
      if (arrival === undefined || this.lanes.size === 0 || !this.waitsInLane(arrival)) return arrival;
    }
    return undefined;
  }

  private waitsInLane(arrival: Arrival): boolean {
    const entity = entityOf(arrival);
    if (entity === undefined || !this.lanes.has(entity)) return false;
    const lane = this.lanes.get(entity);
    if (lane === undefined) this.lanes.set(entity, [arrival]);
    else lane.push(arrival);
    return true;
  }

  private begin(arrival: Arrival): void {
    const { handler, batch } = this;
    if (arrival.pending !== undefined) {
      this.persevere(arrival, arrival.pending);
      return;
    }
    const began = handler.observe === undefined ? 0 : performance.now();
    let result: unknown;
    try {
      arrival.event.check();
      result = handler.invoke(arrival.event, batch.attempt(arrival, 1));
    } catch (error) {
      this.persevere(arrival, this.judge(arrival, error));
      return;
    }
    if (!isThenable(result)) {
      this.succeeded(arrival, began);
      if (this.lanes.size > 0) this.leave(entityOf(arrival));
      return;
    }
    const entity = this.enter(arrival);
    this.busy += 1;
    result.then(
      () => {
        this.release();
        this.succeeded(arrival, began);
        this.end(entity);
      },
      (error: unknown) => {
        this.release();
        this.underWay -= 1;
        this.persevere(arrival, this.judge(arrival, error));
        this.advance();
      },
    );
  }

  private enter(arrival: Arrival): string | undefined {
    const entity = entityOf(arrival);
    this.underWay += 1;
    if (entity !== undefined && !this.lanes.has(entity)) this.lanes.set(entity, undefined);
    return entity;
  }

  private end(entity: string | undefined): void {
    this.underWay -= 1;
    this.leave(entity);
    this.advance();
  }

  /** An event of this entity has ended: the one behind it may begin. */
  private leave(entity: string | undefined): void {
    if (entity === undefined || !this.lanes.has(entity)) return;
    if ((this.lanes.get(entity)?.length ?? 0) === 0) this.lanes.delete(entity);
    else this.ready.push(entity);
  }

  /** An event that is not done yet: its entity ends with it, or waits where it is not done now either. */
  private persevere(arrival: Arrival, standing: PendingRetry | undefined): void {
    const entity = this.enter(arrival);
    void this.tryAgain(arrival, standing).then((isDone) => {
      if (isDone) this.end(entity);
      else {
        this.underWay -= 1;
        this.advance();
      }
    });
  }

  /** @returns false where it is not done: its next attempt is too far away, or the batch has been taken away */
  private async tryAgain(arrival: Arrival, standing: PendingRetry | undefined): Promise<boolean> {
    const { handler, batch, failed } = this;
    let pending = standing;
    while (pending !== undefined) {
      if (!(await failed.wait(arrival, pending, batch))) return false;
      pending =
        pending.reason === undefined
          ? await this.attempt(arrival, pending)
          : await failed.bury(handler, arrival, pending, batch);
    }
    return true;
  }

  /** @returns how it stands where the handler threw, or could not be called any more; undefined when it is done */
  private async attempt(arrival: Arrival, pending: PendingRetry): Promise<PendingRetry | undefined> {
    while (this.busy >= this.atOnce) await this.room();
    if (this.batch.isStale()) return pending;
    this.busy += 1;
    const began = performance.now();
    try {
      arrival.event.check();
      await this.handler.invoke(arrival.event, this.batch.attempt(arrival, pending.failures + 1));
    } catch (error) {
      return this.judge(arrival, error, pending);
    } finally {
      this.release();
    }
    this.succeeded(arrival, began);
    return undefined;
  }

  private judge(arrival: Arrival, error: unknown, before = firstAttempt()): PendingRetry | undefined {
    return this.failed.judge(this.handler, [arrival], error, before, this.batch);
  }

  private succeeded(arrival: Arrival, began: number): void {
    const { handler, batch } = this;
    handler.counts.handled += 1;
    handler.observe?.((performance.now() - began) / 1_000);
    arrival.isDone = true;
    batch.tell();
  }

  private async room(): Promise<void> {
    await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  private release(): void {
    this.busy -= 1;
    this.waiters.shift()?.();
  }
}

/** Bytes as text of one character each: the key need not be UTF-8. Undefined where no order is asked for. */
function entityOf({ record }: Arrival): string | undefined {
  return record.key?.toString('latin1');
}

function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}
