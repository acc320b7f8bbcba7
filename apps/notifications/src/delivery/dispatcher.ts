import { setMaxListeners } from 'node:events';
import type { Configuration, ConfigurationSource } from '../configuration/configuration.js';
import type { AttemptResult } from '../destination-types/destination-type.js';
import { destinationType } from '../destination-types/destination-types.js';
import type { ClaimBounds, ClaimedDelivery, Completion, DestinationRoom } from './claimed-delivery.js';
import type { CompletionLog } from './completion-log.js';
import type { DeliveryAttempts } from './delivery-attempts.js';
import { DestinationLane, type Fate } from './destination-lane.js';
import { HeldEvents } from './held-events.js';

/** Found even where nobody said so: what another process put there, what is due again, circuits that half open. */
const SWEEP_MS = 1_000;
/** Room for a few is gathered this long, milliseconds, so that a claim is for many. */
const GATHER_MS = 8;
/** The most deliveries that this process holds at once, over all destinations. */
const MOST_ALTOGETHER = 4_096;
/**
 * The most bytes of their events, each counted once; one that begins within them is claimed whole. A process of the image
 * has 192 MB of heap, in which a text may take two bytes for each of these, and its attempts copies of it.
 */
const MOST_BYTES = 32 * 1_048_576;
/** Outcomes that are not written down stop claims: the database is too slow for more. */
const MOST_UNWRITTEN = 4_096;
/** Deliveries whose process died are given back in such portions. */
const RECLAIM = 1_000;
/** A stopping process lets what is under way end for this long, milliseconds; then it gives the rest back. */
const GRACE_MS = 5_000;

/** What the dispatcher claims from. */
export interface DeliveryQueue {
  claim(rooms: readonly DestinationRoom[], most: ClaimBounds): Promise<readonly ClaimedDelivery[]>;
  reclaim(limit: number): Promise<number>;
}

/** Hears how attempts went, beside the log. */
export interface DestinationWatch {
  delivered(destinationId: string): void;
  failed(destinationId: string, result: AttemptResult): void;
}

export interface DispatcherParts {
  readonly queue: DeliveryQueue;
  readonly configuration: ConfigurationSource;
  readonly attempts: DeliveryAttempts;
  readonly log: CompletionLog;
  readonly watch: DestinationWatch;
  readonly report: (message: string) => void;
}

/**
 * Takes due deliveries and has them delivered: for every destination no more than its lane has room for, so that one that
 * hangs holds up nothing but itself.
 */
export class Dispatcher {
  private readonly lanes = new Map<string, DestinationLane>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private claiming: Promise<void> | undefined;
  private isAskedAgain = false;
  private isStopped = false;
  /** How often somebody said that there is more. */
  private wakes = 0;
  private turn = 0;
  /** Claimed, and neither delivered nor given back. */
  private held = 0;
  private readonly events = new HeldEvents();
  private sweepTimer: NodeJS.Timeout | undefined;
  private gatherTimer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(private readonly parts: DispatcherParts) {
    // One for each delivery under way.
    setMaxListeners(0, this.stopping.signal);
  }

  start(): void {
    this.sweepTimer = setInterval(() => void (this.sweeping ??= this.sweep()), SWEEP_MS);
    this.wake();
  }

  /** Deliveries may be due: looks for them now. */
  wake(): void {
    this.wakes += 1;
    for (const lane of this.lanes.values()) lane.isDrained = false;
    this.claimNow();
  }

  /** Claims nothing more, lets what is under way end, gives back what does not, and writes all of it down. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.sweepTimer);
    clearTimeout(this.gatherTimer);
    await this.sweeping;
    await this.claiming;
    for (const lane of this.lanes.values()) this.giveBack(lane.takeAll());
    const impatient = setTimeout(() => this.stopping.abort(), GRACE_MS);
    await Promise.all(this.running);
    clearTimeout(impatient);
    await this.parts.log.close();
  }

  private claimNow(): void {
    if (this.isStopped) return;
    if (this.claiming !== undefined) {
      this.isAskedAgain = true;
      return;
    }
    clearTimeout(this.gatherTimer);
    this.gatherTimer = undefined;
    this.claiming = this.claim()
      .catch((error: unknown) => this.parts.report(`Deliveries cannot be claimed for now: ${String(error)}`))
      .finally(() => {
        this.claiming = undefined;
        if (!this.isAskedAgain) return;
        this.isAskedAgain = false;
        this.claimNow();
      });
  }

  private async claim(): Promise<void> {
    const { configuration, queue, log } = this.parts;
    const most: ClaimBounds = { rows: MOST_ALTOGETHER - this.held, bytes: MOST_BYTES - this.events.bytes };
    const isFull = log.size > MOST_UNWRITTEN || most.rows <= 0 || most.bytes <= 0;
    const rooms = isFull ? [] : this.rooms(configuration.current());
    if (rooms.length === 0) return;
    const wakes = this.wakes;
    const claimed = await queue.claim(rooms, most);
    const counts = new Map<string, number>();
    for (const delivery of claimed) {
      counts.set(delivery.destinationId, (counts.get(delivery.destinationId) ?? 0) + 1);
      this.held += 1;
      this.lane(delivery.destinationId).add(this.events.hold(delivery));
    }
    const isOutOfBytes = this.events.bytes >= MOST_BYTES;
    const drained = rooms.filter(
      ({ destinationId, room }) => (counts.get(destinationId) ?? 0) < room && this.lane(destinationId).bytes() > 0,
    );
    for (const destinationId of counts.keys()) this.begin(this.lane(destinationId));
    // Somebody may have added some behind what the claim saw; or it had its fill before it came to all of them.
    if (wakes !== this.wakes || claimed.length >= most.rows || isOutOfBytes) return;
    for (const { destinationId } of drained) this.lane(destinationId).isDrained = true;
  }

  /** Another destination is first each time, so that none is always behind where there is not room for all. */
  private rooms({ destinations }: Configuration): readonly DestinationRoom[] {
    const rooms: DestinationRoom[] = [];
    const ids = [...destinations.keys()];
    this.turn = ids.length === 0 ? 0 : (this.turn + 1) % ids.length;
    for (const destinationId of [...ids.slice(this.turn), ...ids.slice(0, this.turn)]) {
      if (destinations.get(destinationId)?.enabled !== true) continue;
      const lane = this.lane(destinationId);
      const room = lane.isDrained ? 0 : lane.room();
      const bytes = lane.bytes();
      const isOrdered = destinationType(destinations.get(destinationId)?.type ?? '')?.isOrdered === true;
      if (room > 0 && bytes > 0) rooms.push({ destinationId, room, bytes, isOrdered });
    }
    return rooms;
  }

  /** Begins as much of what is claimed for a destination as may be under way at once. */
  private begin(lane: DestinationLane): void {
    this.giveBack(lane.takeLate());
    for (let next = lane.begin(); next !== undefined; next = lane.begin()) {
      const run = this.run(next, lane).finally(() => {
        this.running.delete(run);
        this.held -= 1;
        this.giveBack(this.isStopped ? lane.takeAll() : lane.takeStranded());
        this.begin(lane);
        if (lane.isDrained || this.isStopped) return;
        if (lane.isRoomy) this.claimNow();
        else this.gatherTimer ??= setTimeout(() => this.claimNow(), GATHER_MS);
      });
      this.running.add(run);
    }
  }

  private giveBack(deliveries: readonly ClaimedDelivery[]): void {
    this.held -= deliveries.length;
    for (const delivery of deliveries) {
      const { id, token, destinationId } = delivery;
      this.events.release(delivery);
      this.parts.log.add({ id, token, destinationId, state: 'waiting', pauseSeconds: 0 });
    }
  }

  private async run(delivery: ClaimedDelivery, lane: DestinationLane): Promise<void> {
    const { attempts, log, watch } = this.parts;
    const { result, ...completion } = await attempts.make(delivery, this.stopping.signal);
    this.events.release(delivery);
    lane.end(delivery, result === undefined ? 'unknown' : fateOf(result));
    if (completion.state === 'waiting') this.giveBack(lane.takeBehind(delivery));
    if (result?.outcome === 'delivered') watch.delivered(delivery.destinationId);
    else if (result !== undefined) watch.failed(delivery.destinationId, result);
    log.add(completion satisfies Completion, delivery.orderKey === undefined ? undefined : () => this.goOn(lane));
  }

  /** The next deliveries of an entity may be claimed only when what became of those before them is written down. */
  private goOn(lane: DestinationLane): void {
    lane.isDrained = false;
    if (!this.isStopped) this.gatherTimer ??= setTimeout(() => this.claimNow(), GATHER_MS);
  }

  private async sweep(): Promise<void> {
    try {
      this.forgetLanes();
      while ((await this.parts.queue.reclaim(RECLAIM)) === RECLAIM);
    } catch (error) {
      this.parts.report(`Deliveries of processes that died cannot be given back for now: ${String(error)}`);
    } finally {
      this.sweeping = undefined;
    }
    this.wake();
  }

  private lane(destinationId: string): DestinationLane {
    const known = this.lanes.get(destinationId);
    if (known !== undefined) return known;
    const destination = this.parts.configuration.current().destinations.get(destinationId);
    const lane = new DestinationLane(destination && destinationType(destination.type)?.connections);
    this.lanes.set(destinationId, lane);
    return lane;
  }

  /** Of destinations that are not there any more, or were disabled: they begin anew. */
  private forgetLanes(): void {
    const { destinations } = this.parts.configuration.current();
    for (const [id, lane] of this.lanes) {
      if (lane.isIdle && destinations.get(id)?.enabled !== true) this.lanes.delete(id);
    }
  }
}

function fateOf({ outcome, status, backOff, isAnswer }: AttemptResult): Fate {
  if (outcome === 'delivered') return 'delivered';
  // One subscription's template must not hold up the others of its destination.
  if (status === 'template') return 'unknown';
  if (backOff === true) return 'slow';
  return isAnswer === true ? 'answered' : 'failed';
}
