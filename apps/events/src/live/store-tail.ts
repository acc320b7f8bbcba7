import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { LiveRow } from './live-row.js';
import { LiveRowStore } from './live-row.store.js';
import { RecentRows } from './recent-rows.js';
import { comparePositions, type StorePosition } from './store-position.js';

const CHUNK = { rows: 500, bytes: 4_000_000 } as const;

/** Milliseconds. */
const PAUSES = {
  /** Between two readings, so that many small commits are read at once. */
  least: 5,
  /** After a commit was told; doubled while nothing comes: a row may wait for an older transaction that tells nothing. */
  first: 20,
  /** The net under the notifications. */
  longest: 1_000,
  /** After the database failed. */
  failed: 500,
  /** Before the next attempt to listen. */
  listen: 2_000,
} as const;

/** Is handed each row of the store once, in the order of the positions. */
export interface RowsReader {
  /** Gets what telling of these rows takes. */
  prepare(rows: readonly LiveRow[]): Promise<void>;
  /** Waits for nothing: the tail's position and what the listeners have been told change in one moment. */
  tell(rows: readonly LiveRow[]): void;
  /** The store's positions have begun anew: those that anybody has are none of them. */
  restart(): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Reads what is stored, while anybody is there to follow it, once for all of them. */
@Injectable()
export class StoreTail {
  private readonly logger = new Logger('StoreTail');
  private reader: RowsReader | undefined;
  private followers = 0;
  private running: Promise<void> | undefined;
  private at: StorePosition | undefined;
  private recent = new RecentRows({ transaction: 0n, sequence: 0n });
  private waiters: Waiter[] = [];
  private isAwake = false;
  /** Nothing has come for a while. */
  private isIdle = false;
  private wake: () => void = () => undefined;

  constructor(private readonly store: LiveRowStore) {}

  /** Up to where everything has been read; undefined while nobody follows. */
  get position(): StorePosition | undefined {
    return this.at;
  }

  onRows(reader: RowsReader): void {
    this.reader = reader;
  }

  /** Keeps the tail reading until the same number of `release`s. */
  acquire(): void {
    this.followers += 1;
    this.running ??= this.run();
  }

  release(): void {
    this.followers -= 1;
    if (this.followers === 0) this.rouse();
  }

  /** Everything that was stored before this call has been read. @throws whatever the database says */
  async settled(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.waiters.push({ resolve, reject });
      this.rouse();
    });
  }

  /** What has been read behind a position; undefined when that is not known any more. */
  recentAfter(position: StorePosition): readonly LiveRow[] | undefined {
    return this.at === undefined ? undefined : this.recent.after(position);
  }

  private async run(): Promise<void> {
    const listening = new AbortController();
    const stopListening = this.listen(listening.signal);
    let pause: number = PAUSES.first;
    while (this.followers > 0) {
      const waiters = this.waiters.splice(0);
      try {
        const read = await this.readOn();
        for (const { resolve } of waiters) resolve();
        pause = read > 0 ? PAUSES.first : Math.min(pause * 2, PAUSES.longest);
        this.isIdle = pause === PAUSES.longest;
      } catch (error) {
        for (const { reject } of waiters) reject(error);
        this.logger.warn(`The store cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        pause = PAUSES.failed;
      }
      if (await this.rest(pause)) pause = PAUSES.first;
    }
    this.at = undefined;
    // A follower that comes from here on starts another run.
    this.running = undefined;
    listening.abort();
    await stopListening;
  }

  /** @returns how many rows came */
  private async readOn(): Promise<number> {
    if (this.at !== undefined && this.isIdle && comparePositions(this.at, await this.store.horizon()) > 0) {
      this.logger.warn('The store was restored into another server: streams begin anew');
      this.at = undefined;
      this.reader?.restart();
    }
    if (this.at === undefined) {
      const present = await this.store.present();
      this.recent = new RecentRows(present);
      this.at = present;
    }
    let total = 0;
    for (;;) {
      const { rows, isEnd } = await this.store.after(this.at, CHUNK);
      const last = rows.at(-1);
      if (last !== undefined) {
        await this.reader?.prepare(rows);
        this.recent.add(rows);
        this.at = last.position;
        this.reader?.tell(rows);
      }
      total += rows.length;
      if (isEnd) return total;
    }
  }

  /** @returns true when it was cut short */
  private async rest(milliseconds: number): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, PAUSES.least));
    if (!this.isAwake && this.followers > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds - PAUSES.least);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const wasAwake = this.isAwake;
    this.isAwake = false;
    return wasAwake;
  }

  private rouse(): void {
    this.isAwake = true;
    this.wake();
  }

  /** Hears of commits until told to stop; a connection that breaks is opened again. */
  private async listen(signal: AbortSignal): Promise<void> {
    // Once for all rounds: each listener would stay until the end.
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      try {
        let onEnd = (): void => undefined;
        const ended = new Promise<void>((resolve) => (onEnd = resolve));
        const stop = await this.store.listen(() => this.rouse(), onEnd);
        await Promise.race([ended, stopped]);
        await stop();
      } catch (error) {
        this.logger.warn(`Cannot listen for commits: ${error instanceof Error ? error.message : String(error)}`);
      }
      await wait(PAUSES.listen, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
