import { CircuitBreaker } from './circuit-breaker.js';
import type { ClaimedDelivery } from './claimed-delivery.js';

/** The most deliveries to one destination that are under way in this process at once, unless its kind has fewer. */
export const MOST_IN_FLIGHT = 64;
/** What is left of that to a destination that does not answer in time. */
const FEWEST_IN_FLIGHT = 2;
/** How many times as many more are claimed for a destination that answers, so that it never waits for a claim. */
const QUEUED_SHARE = 3;
/** The most bytes of events that are claimed for one destination; an event that begins within them is claimed whole. */
export const MOST_LANE_BYTES = 8 * 1_048_576;
/** A claimed delivery that has queued for longer is given back: its lease must outlive the attempt, milliseconds. */
const QUEUED_MS = 10_000;

/** How an attempt speaks of its destination; `answered`: it lives, and refused this event. */
export type Fate = 'delivered' | 'answered' | 'failed' | 'slow' | 'unknown';

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
  private heldBytes = 0;
  private limit: number;
  /** Order keys of what is under way. */
  private readonly busy = new Set<string>();

  /**
   * @param connections the most deliveries that its destination has under way at once
   * @param now a clock that never goes back, milliseconds
   */
  constructor(
    private readonly connections = MOST_IN_FLIGHT,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.limit = connections;
    this.circuit = new CircuitBreaker(now);
  }

  /** How many deliveries may be claimed now. */
  room(): number {
    return Math.max(0, Math.min(this.most() - this.inFlight - this.queue.length, this.circuit.room()));
  }

  /** How many bytes of events may be claimed now; none before half of them are free, so that a claim is for many. */
  bytes(): number {
    const free = MOST_LANE_BYTES - this.heldBytes;
    return free >= MOST_LANE_BYTES / 2 ? free : 0;
  }

  /** Whether so much room is there that a claim is worth its while. */
  get isRoomy(): boolean {
    const room = this.bytes() > 0 ? this.room() : 0;
    return room > 0 && (room >= this.most() / 2 || this.circuit.isOpen);
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.queue.length === 0;
  }

  add(delivery: ClaimedDelivery): void {
    this.heldBytes += delivery.bytes;
    this.queue.push({ delivery, since: this.now() });
  }

  /** @returns what is to be begun now; undefined: nothing more, or not yet */
  begin(): ClaimedDelivery | undefined {
    if (this.inFlight >= this.limit) return undefined;
    const index = this.queue.findIndex(
      ({ delivery: { orderKey } }) => orderKey === undefined || !this.busy.has(orderKey),
    );
    const [next] = index < 0 ? [] : this.queue.splice(index, 1);
    if (next === undefined) return undefined;
    this.inFlight += 1;
    if (next.delivery.orderKey !== undefined) this.busy.add(next.delivery.orderKey);
    this.circuit.begin();
    return next.delivery;
  }

  /** What was begun has ended. */
  end({ orderKey, bytes }: ClaimedDelivery, fate: Fate): void {
    this.inFlight -= 1;
    this.heldBytes -= bytes;
    if (orderKey !== undefined) this.busy.delete(orderKey);
    if (fate === 'unknown') {
      this.circuit.forget();
      return;
    }
    this.circuit.record(fate === 'delivered' || fate === 'answered');
    // Whoever hangs holds as few connections and leases as possible; whoever answers again soon has all of them.
    if (fate === 'slow') this.limit = Math.min(this.limit, Math.max(FEWEST_IN_FLIGHT, Math.floor(this.limit / 2)));
    else if (fate === 'delivered') this.limit = Math.min(this.connections, this.limit + 1);
  }

  /** @returns what was to come behind a delivery that waits again: it must not overtake that one */
  takeBehind({ orderKey }: ClaimedDelivery): readonly ClaimedDelivery[] {
    return orderKey === undefined ? [] : this.take((queued) => queued.delivery.orderKey === orderKey);
  }

  /** @returns what cannot begin soon, and is better given back: nobody else could deliver it meanwhile */
  takeStranded(): readonly ClaimedDelivery[] {
    return this.circuit.isOpen || this.limit < this.connections ? this.takeAll() : this.takeLate();
  }

  /** @returns what has queued for so long that its lease may end first: this process stood still, or its destination did */
  takeLate(): readonly ClaimedDelivery[] {
    const [oldest] = this.queue;
    return oldest !== undefined && oldest.since < this.now() - QUEUED_MS ? this.takeAll() : [];
  }

  takeAll(): readonly ClaimedDelivery[] {
    return this.take(() => true);
  }

  private take(isTaken: (queued: Queued) => boolean): readonly ClaimedDelivery[] {
    const taken = this.queue.filter(isTaken).map(({ delivery }) => delivery);
    this.queue = this.queue.filter((queued) => !isTaken(queued));
    for (const { bytes } of taken) this.heldBytes -= bytes;
    return taken;
  }

  private most(): number {
    return this.limit === this.connections ? this.connections * (1 + QUEUED_SHARE) : this.limit;
  }
}
