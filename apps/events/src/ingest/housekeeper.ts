import {
  monthOf,
  monthsAfter,
  oldestKept,
  startOf,
  tableOf,
  type Month,
  type PartitionRepository,
} from './partition.repository.js';

export interface HousekeepingOptions {
  /** How long events are kept, days; 0 keeps them for ever. */
  readonly retentionDays: number;
  /** How long an identity is remembered after it was last seen, days. */
  readonly identityDays: number;
  /** How long dead letters are kept, days; 0 keeps them for ever. */
  readonly deadLetterDays: number;
}

/** Partitions are made for this many months around the present one. */
const MONTHS_BEHIND = 3;
const MONTHS_AHEAD = 3;
const EVERY_MS = 60 * 60 * 1000;
/** Deletes go in chunks, so that none holds its locks for long. */
const CHUNK = 10_000;

/** Makes partitions ahead, drops those past retention whole, forgets old identities, and drops old dead letters. */
export class Housekeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: PartitionRepository,
    private readonly options: HousekeepingOptions,
    private readonly report: (message: string) => void,
  ) {}

  /** Makes the partitions now, and keeps house every hour from now on. */
  async start(): Promise<void> {
    await this.makePartitions(new Date());
    this.timer = setInterval(() => {
      this.running = this.keepHouse(new Date());
    }, EVERY_MS);
    this.running = this.keepHouse(new Date());
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round; what fails is reported and tried again in the next. */
  async keepHouse(now: Date): Promise<void> {
    try {
      await this.makePartitions(now);
      await this.dropExpired(now);
      await untilNone(() => this.repository.pruneIdentities(this.options.identityDays, CHUNK));
      await this.dropOldLetters();
    } catch (error) {
      this.report(`housekeeping failed and will be tried again: ${String(error)}`);
    }
  }

  private async makePartitions(now: Date): Promise<void> {
    const present = new Set((await this.repository.list()).map(({ table }) => table));
    for (let offset = -MONTHS_BEHIND; offset <= MONTHS_AHEAD; offset += 1) {
      const month = monthsAfter(monthOf(now), offset);
      if (this.isExpired(month, now)) continue;
      if (present.has(tableOf(month))) continue;
      try {
        await this.repository.create(month);
      } catch (error) {
        // Too many of its events lie in the default partition, and stay there: slower, but nothing is lost.
        this.report(`the partition ${tableOf(month)} was not made: ${String(error)}`);
      }
    }
  }

  private async dropExpired(now: Date): Promise<void> {
    const days = this.options.retentionDays;
    const oldest = oldestKept(now, days);
    if (oldest === undefined) return;
    for (const partition of await this.repository.list()) {
      if (!this.isExpired(partition, now)) continue;
      await this.repository.drop(partition);
      this.report(`dropped ${partition.table}, all of it older than ${days} days`);
    }
    const count = await untilNone(() => this.repository.pruneDefault(oldest, CHUNK));
    if (count > 0) this.report(`dropped ${count} events outside of the monthly partitions, older than ${days} days`);
  }

  private async dropOldLetters(): Promise<void> {
    const days = this.options.deadLetterDays;
    if (days === 0) return;
    const count = await untilNone(() => this.repository.pruneDeadLetters(days, CHUNK));
    if (count > 0) this.report(`dropped ${count} dead letters, older than ${days} days`);
  }

  private isExpired(month: Month, now: Date): boolean {
    const oldest = oldestKept(now, this.options.retentionDays);
    return oldest !== undefined && startOf(month) < oldest;
  }
}

/** @returns how many were pruned altogether */
async function untilNone(prune: () => Promise<number>): Promise<number> {
  for (let sum = 0; ;) {
    const count = await prune();
    sum += count;
    if (count < CHUNK) return sum;
  }
}
