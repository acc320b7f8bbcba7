import { monthsAfter, startOf, type PartitionRepository } from './partition.repository.js';
import type { SearchIndexRepository } from './search-index.repository.js';

const EVERY_MS = 60 * 1000;
/** More than this a minute, and an index would take the processor from the ingest. */
const BUSY_EVENTS = 60_000;
/** Fewer rows are read faster than an index of them. */
const FEWEST_ROWS = 20_000;
/** Events come late; a month is left alone for as long. */
const GRACE_MS = 24 * 60 * 60 * 1000;

/**
 * Makes an index of the search text for each month that is over: to keep one up while events come in costs ten times what
 * storing them does, see docs/decisions/0006. The present month is searched newest first without one.
 */
export class SearchIndexKeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stored = 0;
  private failed = false;
  private stopped = false;

  constructor(
    private readonly partitions: Pick<PartitionRepository, 'list'>,
    private readonly indexes: SearchIndexRepository,
    private readonly storedSoFar: () => number,
    private readonly report: (message: string) => void,
    private readonly fewestRows = FEWEST_ROWS,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      const stored = this.storedSoFar();
      const isBusy = stored - this.stored > BUSY_EVENTS;
      this.stored = stored;
      if (!isBusy) this.running = this.running.then(() => this.round(new Date()));
    }, EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    // An index of millions of rows takes minutes, and a process that is to end has seconds.
    this.stopped = true;
    await this.indexes.interrupt();
    await this.running;
  }

  /** One index at most, so that it is looked anew whether the ingest is busy. What fails is tried again in the next round. */
  async round(now: Date): Promise<void> {
    try {
      const end = BigInt(now.getTime() - GRACE_MS) * 1000n;
      const over = (await this.partitions.list()).filter((month) => startOf(monthsAfter(month, 1)) <= end);
      const names = over.map(({ table }) => table);
      await this.indexes.alone(async (client) => {
        const [next] = await this.indexes.unindexed(client, names, this.fewestRows);
        if (next === undefined) return;
        this.report(`making the search index of ${next.table}`);
        await this.indexes.make(client, next);
        this.report(`made the search index of ${next.table}`);
      });
      this.failed = false;
    } catch (error) {
      if (!this.failed && !this.stopped)
        this.report(`no search index, text queries read the rows instead: ${String(error)}`);
      this.failed = true;
    }
  }
}
