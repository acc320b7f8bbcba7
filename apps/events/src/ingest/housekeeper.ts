import {
  monthOf,
  monthsAfter,
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
}

/** Partitions are made for this many months around the present one. */
const MONTHS_BEHIND = 3;
const MONTHS_AHEAD = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
const EVERY_MS = 60 * 60 * 1000;
/** Deletes go in chunks, so that none holds its locks for long. */
const CHUNK = 10_000;

/** Makes partitions ahead, drops those past retention whole, and forgets old identities. */
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
        // Its events lie in the default partition already, and stay there: slower, but nothing is lost.
        this.report(`the partition ${tableOf(month)} was not made: ${String(error)}`);
      }
    }
  }

  private async dropExpired(now: Date): Promise<void> {
    if (this.options.retentionDays === 0) return;
    for (const partition of await this.repository.list()) {
      if (!this.isExpired(partition, now)) continue;
      await this.repository.drop(partition);
      this.report(`dropped ${partition.table}, all of it older than ${this.options.retentionDays} days`);
    }
    await untilNone(() => this.repository.pruneDefault(this.oldestKept(now), CHUNK));
  }

  private isExpired(month: Month, now: Date): boolean {
    return this.options.retentionDays > 0 && startOf(monthsAfter(month, 1)) <= this.oldestKept(now);
  }

  /** Microseconds since the Unix epoch. */
  private oldestKept(now: Date): bigint {
    return BigInt(now.getTime() - this.options.retentionDays * DAY_MS) * 1000n;
  }
}

async function untilNone(prune: () => Promise<number>): Promise<void> {
  while ((await prune()) === CHUNK);
}
