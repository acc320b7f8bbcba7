import { CircuitBreaker } from './circuit-breaker.js';

/** The most deliveries to one destination that are under way in this process at once. */
export const MOST_IN_FLIGHT = 64;
/** What is left of that to a destination that does not answer in time. */
const FEWEST_IN_FLIGHT = 2;

/** What this process has under way to one destination, and how much more it may begin. */
export class DestinationLane {
  readonly circuit: CircuitBreaker;
  /** Nothing was due when it was asked last: it is not asked again before somebody says that there is more. */
  isDrained = false;
  private inFlight = 0;
  private limit = MOST_IN_FLIGHT;

  constructor(now?: () => number) {
    this.circuit = new CircuitBreaker(now);
  }

  /** How many deliveries may be claimed now. */
  room(): number {
    return Math.max(0, Math.min(this.limit - this.inFlight, this.circuit.room()));
  }

  /** Whether so much room is there that a claim is worth its while. */
  get isRoomy(): boolean {
    const room = this.room();
    return room > 0 && (room >= this.limit / 2 || this.circuit.isOpen);
  }

  get isIdle(): boolean {
    return this.inFlight === 0;
  }

  begin(): void {
    this.inFlight += 1;
    this.circuit.begin();
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
}
