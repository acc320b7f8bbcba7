import { BatchWork, type BatchOwner } from '../batch-work.js';
import { TransportError } from '../errors.js';
import { HandedBack } from '../handed-back.js';
import type { ConsumeOptions, ConsumerLag, Consumption, IncomingRecord } from '../port.js';
import { RetryPauses } from '../retry-pauses.js';
import { Watchdog } from '../watchdog.js';
import type { GroupMember, GroupPartition, MemoryGroup } from './memory-group.js';

const MAX_RECORDS_PER_BATCH = 500;
const DEFAULT_CONCURRENCY = 3;
const DEFAULT_STALL_AFTER_MS = 120_000;

/** A member of an in-memory group. */
export class MemoryConsumption implements Consumption, GroupMember {
  readonly matches: (kafkaTopic: string) => boolean;
  private readonly pauses = new RetryPauses();
  private readonly resting = new Map<GroupPartition, NodeJS.Timeout>();
  private readonly working = new Set<Promise<void>>();
  private readonly watchdog: Watchdog;
  private lastLifeAt = Date.now();
  private stopping = false;

  constructor(
    private readonly group: MemoryGroup,
    private readonly options: ConsumeOptions,
    private readonly isReachable: () => boolean,
  ) {
    this.matches = options.matches;
    this.watchdog = new Watchdog(
      {
        lastLifeAt: () => this.lastLifeAt,
        isExcused: () => this.options.isWaiting?.() ?? false,
        hasLag: async () => this.isReachable() && this.group.shareOf(this).some((one) => lagOf(one) > 0),
      },
      options.stallAfterMs ?? DEFAULT_STALL_AFTER_MS,
      (forMs) => this.options.onFatal?.(new TransportError('STALLED', { detail: `for ${forMs} ms` })),
    );
    this.watchdog.start();
    group.join(this);
  }

  isJoined(): boolean {
    return !this.stopping && this.isReachable();
  }

  /** What is in memory can be read. */
  trouble(): undefined {
    return undefined;
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    if (!this.isReachable()) throw new TransportError('UNAVAILABLE');
    return this.group.matching(this.matches).map((one) => ({
      kafkaTopic: one.source.kafkaTopic,
      partition: one.source.partition,
      lag: BigInt(lagOf(one)),
      position: BigInt(one.position),
    }));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.watchdog.stop();
    for (const timer of this.resting.values()) clearTimeout(timer);
    while (this.working.size > 0) await Promise.allSettled(this.working);
    this.group.leave(this);
  }

  look(): void {
    if (this.stopping || !this.isReachable()) return;
    for (const partition of this.group.shareOf(this)) {
      if (this.working.size >= (this.options.concurrency ?? DEFAULT_CONCURRENCY)) return;
      if (partition.busy || this.resting.has(partition) || lagOf(partition) === 0) continue;
      partition.busy = true;
      const work = this.work(partition).finally(() => {
        this.working.delete(work);
        partition.busy = false;
        this.group.tell();
      });
      this.working.add(work);
    }
  }

  private async work(partition: GroupPartition): Promise<void> {
    // Not within the caller's turn: a producer does not run its consumers.
    await Promise.resolve();
    const { kafkaTopic, partition: number } = partition.source;
    const records = this.nextRecords(partition);
    const control = new BatchWork(this.ownerOf(partition));
    try {
      await this.options.handle({ kafkaTopic, partition: number, records }, control);
    } catch (error) {
      if (error instanceof HandedBack) this.takeBack(partition, records, error);
      else this.rest(partition, this.pauses.next(kafkaTopic, number));
      return;
    } finally {
      control.end();
    }
    this.pauses.succeeded(kafkaTopic, number);
    partition.position += records.length;
    this.lastLifeAt = Date.now();
  }

  private nextRecords({ source, position }: GroupPartition): readonly IncomingRecord[] {
    const candidates = source.records.slice(position, position + MAX_RECORDS_PER_BATCH);
    const limit = this.options.maxBytesPerPartition ?? Number.POSITIVE_INFINITY;
    let bytes = 0;
    const end = candidates.findIndex(({ value }, index) => {
      bytes += value?.length ?? 0;
      return index > 0 && bytes > limit;
    });
    return end < 0 ? candidates : candidates.slice(0, end);
  }

  private ownerOf(partition: GroupPartition): BatchOwner {
    return {
      ownsPartitions: () => !this.stopping && this.group.shareOf(this).includes(partition),
      noteLife: () => {
        this.lastLifeAt = Date.now();
      },
    };
  }

  private takeBack(partition: GroupPartition, records: readonly IncomingRecord[], given: HandedBack): void {
    partition.position += doneOf(records, given);
    if (given.pauseMs !== undefined) this.rest(partition, given.pauseMs);
  }

  private rest(partition: GroupPartition, pauseMs: number): void {
    if (this.stopping) return;
    const timer = setTimeout(() => {
      this.resting.delete(partition);
      this.look();
    }, pauseMs);
    this.resting.set(partition, timer);
  }
}

/** How many records of a batch that was handed back are done. */
function doneOf(records: readonly IncomingRecord[], { doneTo }: HandedBack): number {
  return records.findIndex(({ offset }) => offset === doneTo) + 1;
}

function lagOf({ source, position }: GroupPartition): number {
  return source.records.length - position;
}
