import { randomInt } from 'node:crypto';
import { handlingOutcome } from '@tidings/transport';
import type { BatchLoad, SourceCount } from './batch-load.js';

/** Statements at the same time: while one waits for the disk, another is worked out. */
const AT_ONCE = 2;
/** Events in one statement; a load that has more goes alone. */
const MOST_EVENTS = 1_000;
/** A power of two; see the table `source_count`. */
const SLOTS = 16;

/** Where a load goes, whole or not at all. */
export interface LoadTable {
  /** @param slot spreads the counts. @returns how many deliveries are new */
  store(load: BatchLoad, slot: number): Promise<number>;
}

interface WaitingLoad {
  readonly load: BatchLoad;
  readonly resolve: (deliveries: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores what comes while other loads are being stored in one statement. A few events a second on each of a hundred
 * partitions are hundreds of small loads, and each commit that notifies waits for the one before it, disk and all: one by
 * one they queue up for longer than everything else takes together. A load that finds nobody before it does not wait.
 */
export class JointLoadStore {
  private waiting: WaitingLoad[] = [];
  /** Statements that come at the same time must not count in the same rows. */
  private readonly freeSlots: number[];

  constructor(private readonly table: LoadTable) {
    // Of other processes, too.
    const first = randomInt(SLOTS);
    this.freeSlots = Array.from({ length: AT_ONCE }, (_, index) => (first + index) % SLOTS);
  }

  /**
   * @returns how many deliveries are new; of loads that were stored together, the first is told of all
   * @throws what the table throws for this load; nothing of it is stored then
   */
  async store(load: BatchLoad): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ load, resolve, reject });
      this.begin();
    });
  }

  private begin(): void {
    const slot = this.waiting.length === 0 ? undefined : this.freeSlots.pop();
    if (slot === undefined) return;
    const together = this.takeFitting();
    void this.storeTogether(together, slot).finally(() => {
      this.freeSlots.push(slot);
      this.begin();
    });
  }

  /** The oldest, and those behind it that the same configuration decided. */
  private takeFitting(): readonly WaitingLoad[] {
    const [oldest] = this.waiting;
    const taken: WaitingLoad[] = [];
    const left: WaitingLoad[] = [];
    let events = 0;
    for (const one of this.waiting) {
      const isFitting =
        one.load.configurationVersion === oldest?.load.configurationVersion &&
        (taken.length === 0 || events + one.load.events.length <= MOST_EVENTS);
      (isFitting ? taken : left).push(one);
      if (isFitting) events += one.load.events.length;
    }
    this.waiting = left;
    return taken;
  }

  private async storeTogether(together: readonly WaitingLoad[], slot: number): Promise<void> {
    try {
      const deliveries = await this.table.store(jointLoad(together.map(({ load }) => load)), slot);
      for (const [index, one] of together.entries()) one.resolve(index === 0 ? deliveries : 0);
    } catch (error) {
      // One of them has what the database refuses: the others must not suffer for it.
      if (together.length > 1 && handlingOutcome(error) === 'dead-letter') {
        for (const one of together) await this.storeTogether([one], slot);
      } else for (const one of together) one.reject(error);
    }
  }
}

function jointLoad(loads: readonly BatchLoad[]): BatchLoad {
  const [first] = loads;
  if (first === undefined || loads.length === 1) return first ?? { configurationVersion: 0n, events: [], counts: [] };
  return {
    configurationVersion: first.configurationVersion,
    events: loads.flatMap(({ events }) => events),
    counts: added(loads.flatMap(({ counts }) => counts)),
  };
}

/** One count a source: a statement cannot change a row twice. */
function added(counts: readonly SourceCount[]): readonly SourceCount[] {
  const sums = new Map<string, SourceCount>();
  for (const count of counts) {
    const key = `${count.instanceId} ${count.sourceId}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...count });
    else {
      sum.received += count.received;
      sum.matched += count.matched;
      sum.suppressed += count.suppressed;
    }
  }
  return [...sums.values()];
}
