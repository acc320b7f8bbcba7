import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { monthsAfter, startOf, type MonthPartition, type PartitionRepository } from './partition.repository.js';
import type { PartitionIndexRepository } from './partition-index.repository.js';
import { idsOf, type SearchChunkRepository } from './search-chunk.repository.js';
import { chunkPlan, sortedChunks } from './search-chunks.js';
import type { SearchConnection, SearchIndexRepository } from './search-index.repository.js';
import type { SearchTextRepository } from './search-text.repository.js';

const EVERY_MS = 60 * 1000;
/** More than this a minute, and an index would take the processor from the ingest. */
const BUSY_EVENTS = 60_000;
/** An ingest that never rests would put the indexes off for ever. */
const MOST_BUSY_ROUNDS = 10;
/** Fewer rows are read faster than an index of them. */
const FEWEST_ROWS = 5_000;
/** Of the newest rows no index is made: those that are a little late still come in between them. */
const NEWEST_ROWS = 1_000;
/** Events come late; a month is still written to for as long. */
const GRACE_MS = 24 * 60 * 60 * 1000;
/** After an index of the present month, rest for so many times as long as it took. */
const REST = 4;
/** Of so many rows at once the search text is filled in. */
const FILLED_AT_ONCE = 2_000;

/** What the keeper works with, and from how many rows on. */
export interface SearchIndexing {
  readonly partitions: Pick<PartitionRepository, 'list'>;
  readonly indexes: SearchIndexRepository;
  readonly chunks: SearchChunkRepository;
  readonly texts: SearchTextRepository;
  readonly partitionIndexes: PartitionIndexRepository;
  readonly storedSoFar: () => number;
  readonly report: (message: string) => void;
  readonly fewestRows?: number;
  readonly newestRows?: number;
  readonly rest?: number;
}

/**
 * Makes the indexes of the search text behind the ingest: to keep one up while events come in costs ten times what
 * storing them does. A month that is over gets one, the present one several of its parts; see docs/decisions/0008.
 * Queries are right whatever indexes there are.
 */
export class SearchIndexKeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stored = 0;
  private busyRounds = 0;
  private restsUntil = 0;
  private failed = false;
  private stopped = false;

  constructor(private readonly indexing: SearchIndexing) {}

  start(): void {
    this.timer = setInterval(() => {
      const stored = this.indexing.storedSoFar();
      const isBusy = stored - this.stored > BUSY_EVENTS;
      this.stored = stored;
      this.busyRounds = isBusy ? this.busyRounds + 1 : 0;
      if (isBusy && this.busyRounds % MOST_BUSY_ROUNDS !== 0) return;
      this.running = this.running.then(() => this.round(new Date()));
    }, EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    // An index of millions of rows takes minutes, and a process that is to end has seconds.
    this.stopped = true;
    await this.indexing.indexes.interrupt();
    await this.running;
  }

  /** What fails is tried again in the next round. */
  async round(now: Date): Promise<void> {
    if (this.stopped) return;
    const { partitions, indexes, report } = this.indexing;
    try {
      const end = BigInt(now.getTime() - GRACE_MS) * 1000n;
      const months = await partitions.list();
      const over = months.filter((month) => startOf(monthsAfter(month, 1)) <= end);
      const open = months.filter((month) => !over.includes(month) && startOf(month) <= BigInt(now.getTime()) * 1000n);
      await indexes.alone(async (client) => {
        await this.complete(client);
        for (const month of open) await this.extend(client, month, now);
        await this.close(client, over);
      });
      this.failed = false;
    } catch (error) {
      if (!this.failed && !this.stopped)
        report(`no search index, text queries read the rows instead: ${String(error)}`);
      this.failed = true;
    }
  }

  /** What a migration leaves to be done beside the writers. */
  private async complete(client: SearchConnection): Promise<void> {
    const { partitionIndexes, texts, report } = this.indexing;
    for (const made of await partitionIndexes.complete(client)) report(`made the index ${made}`);
    if (!(await texts.canFill(client))) return;
    for (;;) {
      const filled = await texts.fill(client, FILLED_AT_ONCE);
      if (filled > 0) report(`filled in the search text of ${filled} events`);
      if (filled < FILLED_AT_ONCE || this.stopped) return;
    }
  }

  private async extend(client: SearchConnection, month: MonthPartition, now: Date): Promise<void> {
    const { chunks, fewestRows = FEWEST_ROWS, newestRows = NEWEST_ROWS, rest = REST, report } = this.indexing;
    const made = await chunks.list(client, month.table);
    const { from: start, to: end } = idsOf(month);
    const present = hyphenated(firstUuidAt(BigInt(now.getTime()) * 1000n));
    const behind = sortedChunks(made).whole.at(-1)?.to ?? start;
    const tail = await chunks.tail(client, month.table, behind, present < end ? present : end, newestRows);
    const { drop, make } = chunkPlan(made, start, tail, fewestRows);
    await chunks.drop(client, drop);
    const begin = performance.now();
    if (make === undefined || begin < this.restsUntil) return;
    await chunks.make(client, month.table, make);
    const took = performance.now() - begin;
    this.restsUntil = performance.now() + rest * took;
    report(`indexed the text of ${make.rows} events of ${month.table} in ${Math.round(took)} ms`);
  }

  /** One index at most, so that it is looked anew whether the ingest is busy. */
  private async close(client: SearchConnection, over: readonly MonthPartition[]): Promise<void> {
    const { indexes, chunks, fewestRows = FEWEST_ROWS, report } = this.indexing;
    const names = over.map(({ table }) => table);
    for (const table of await indexes.indexed(client, names)) {
      const parts = await chunks.list(client, table);
      await chunks.drop(
        client,
        parts.map(({ name }) => name),
      );
    }
    const [next] = await indexes.unindexed(client, names, fewestRows);
    if (next === undefined) return;
    report(`making the search index of ${next.table}`);
    await indexes.make(client, next);
    report(`made the search index of ${next.table}`);
  }
}
