import { CircuitBreaker } from './circuit-breaker.js';
import type { ClaimedDelivery } from './claimed-delivery.js';

/** The most deliveries to one destination that are under way in this process at once. */
export const MOST_IN_FLIGHT = 64;
/** What is left of that to a destination that does not answer in time. */
const FEWEST_IN_FLIGHT = 2;
/** How many more are claimed for a destination that answers, so that it never waits for a claim. */
const MOST_QUEUED = 192;
/** A claimed delivery that has queued for longer is given back: its lease must outlive the attempt, milliseconds. */
const QUEUED_MS = 10_000;

interface Queued {
  readonly delivery: ClaimedDelivery;
  readonly since: number;
}

/** What this process has claimed for one destination, how much of it is under way, and how much more it may claim. */
export class DestinationLane {
  readonly circuit: CircuitBreaker;
  /** Nothing was due when it was asked last: it is not asked again before somebody says that there is more. */
  isDrained = false;
  private queue: Queued[] = [];
  private inFlight = 0;
  private limit = MOST_IN_FLIGHT;

  /** @param now a clock that never goes back, milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.circuit = new CircuitBreaker(now);
  }

  /** How many deliveries may be claimed now. */
  room(): number {
    return Math.max(0, Math.min(this.most() - this.inFlight - this.queue.length, this.circuit.room()));
  }

  /** Whether so much room is there that a claim is worth its while. */
  get isRoomy(): boolean {
    const room = this.room();
    return room > 0 && (room >= this.most() / 2 || this.circuit.isOpen);
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.queue.length === 0;
  }

  add(delivery: ClaimedDelivery): void {
    this.queue.push({ delivery, since: this.now() });
  }

  /** @returns what is to be begun now; undefined: nothing more, or not yet */
  begin(): ClaimedDelivery | undefined {
    if (this.inFlight >= this.limit) return undefined;
    const next = this.queue.shift();
    if (next === undefined) return undefined;
    this.inFlight += 1;
    this.circuit.begin();
    return next.delivery;
  }

  /**
   * @param fate how it went; `slow`: it was not answered in time; `unknown`: it says nothing of the destination
   */
  end(fate: 'delivered' | 'failed' | 'slow' | 'unknown'): void {
    this.inFlight -= 1;
    if (fate === 'unknown') {
      this.circuit.forget();
      return;
    }
    this.circuit.record(fate === 'delivered');
    // Whoever hangs holds as few connections and leases as possible; whoever answers again soon has all of them.
    if (fate === 'slow') this.limit = Math.max(FEWEST_IN_FLIGHT, Math.floor(this.limit / 2));
    else if (fate === 'delivered') this.limit = Math.min(MOST_IN_FLIGHT, this.limit + 1);
  }

  /** @returns what cannot begin soon, and is better given back: nobody else could deliver it meanwhile */
  takeStranded(): readonly ClaimedDelivery[] {
    return this.circuit.isOpen || this.limit < MOST_IN_FLIGHT ? this.takeAll() : this.takeLate();
  }

  /** @returns what has queued for so long that its lease may end first: this process stood still, or its destination did */
  takeLate(): readonly ClaimedDelivery[] {
    const [oldest] = this.queue;
    return oldest !== undefined && oldest.since < this.now() - QUEUED_MS ? this.takeAll() : [];
  }

  takeAll(): readonly ClaimedDelivery[] {
    const queue = this.queue;
    this.queue = [];
    return queue.map(({ delivery }) => delivery);
  }

  private most(): number {
    return this.limit === MOST_IN_FLIGHT ? MOST_IN_FLIGHT + MOST_QUEUED : this.limit;
  }
}
