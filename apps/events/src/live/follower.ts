import { Logger } from '@nestjs/common';
import type { TypeDictionary } from '../query/type-dictionary.js';
import type { Circle } from './audience.js';
import { liveEventOf } from './live-event-view.js';
import type { LiveEvent, LiveListener, StreamEnd } from './live-events.js';
import type { LiveRow } from './live-row.js';
import type { LiveRowStore } from './live-row.store.js';
import { comparePositions, positionText, type StorePosition } from './store-position.js';
import type { StoreTail } from './store-tail.js';

const CHUNK_ROWS = 200;
/** A listener that takes nothing for so long is slow, milliseconds. */
const ROOM_MS = 30_000;
/** After a reading of the past failed, milliseconds; the last repeats. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000] as const;
const MAX_ATTEMPTS = 15;

/** Has the type and the source of every row that it is asked about. */
export interface RowDictionary {
  covering(rows: readonly LiveRow[]): Promise<TypeDictionary>;
}

/** Takes a listener through the past, if it asked for it, and into the present. */
export class Follower {
  private readonly logger = new Logger('LiveEvents');
  private isOver = false;
  private stopped: () => void = () => undefined;
  private readonly whenStopped = new Promise<void>((resolve) => (this.stopped = resolve));

  /**
   * @param position behind which it stands
   * @param onOver called once, however it ends
   */
  constructor(
    private readonly listener: LiveListener,
    private readonly circle: Circle<Follower>,
    private position: StorePosition,
    private readonly onOver: () => void,
  ) {}

  /** Goes live from where it stands: to be called in the moment in which the tail stands there, or behind it. */
  join(): void {
    this.circle.members.add(this);
    this.listener.reached?.(positionText(this.position));
  }

  /** Hands over a row that concerns it. */
  give(row: LiveRow, event: () => LiveEvent): void {
    if (this.isOver || comparePositions(row.position, this.position) <= 0) return;
    this.position = row.position;
    let isTaken = false;
    try {
      isTaken = this.listener.take(event());
    } catch (error) {
      // One listener's fault must not stop the others' stream.
      this.logger.error('A listener failed', error instanceof Error ? error.stack : error);
    }
    if (!isTaken) this.end('slow');
  }

  end(reason: StreamEnd): void {
    if (this.isOver) return;
    this.stop();
    this.listener.end(reason);
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopped();
    this.onOver();
  }

  /**
   * Hands the past over at the listener's own pace, then goes live, without a gap: the last part of the past comes from
   * what the tail has just read, and in the moment in which nothing is left of it, the tail takes over.
   * @param since rows that were stored before are passed over, microseconds since the Unix epoch
   */
  async catchUp(store: LiveRowStore, tail: StoreTail, dictionary: RowDictionary, since?: bigint): Promise<void> {
    while (!this.isOver) {
      const recent = tail.recentAfter(this.position);
      if (recent?.length === 0) {
        this.join();
        return;
      }
      const read = tail.position;
      const rows = recent?.slice(0, CHUNK_ROWS) ?? (await this.read(store));
      if (rows === undefined) return;
      const known = await dictionary.covering(rows);
      for (const row of rows) {
        if (row.storedAt < (since ?? row.storedAt) || !this.circle.matches(row)) {
          this.position = row.position;
          continue;
        }
        if (!(await this.hasRoom())) return;
        this.give(row, () => liveEventOf(row, known));
      }
      // A part that is not full ends no earlier than where the tail stood before it was read, though no row may be there.
      if (recent === undefined && rows.length < CHUNK_ROWS) this.passTo(read);
      // The event loop is others' too, where nothing of the chunk had to wait.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private passTo(position: StorePosition | undefined): void {
    if (position !== undefined && comparePositions(this.position, position) < 0) this.position = position;
  }

  /** @returns undefined when it is over */
  private async read(store: LiveRowStore): Promise<readonly LiveRow[] | undefined> {
    for (let attempt = 0; !this.isOver; attempt += 1) {
      try {
        return await store.after(this.position, CHUNK_ROWS);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS) {
          this.logger.warn(`A stream ends: ${error instanceof Error ? error.message : String(error)}`);
          this.end('unavailable');
          return undefined;
        }
        const pause = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
        await Promise.race([this.whenStopped, new Promise((resolve) => setTimeout(resolve, pause).unref())]);
      }
    }
    return undefined;
  }

  /** @returns false when it is over */
  private async hasRoom(): Promise<boolean> {
    const room = this.listener.room?.();
    if (room !== undefined) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          this.end('slow');
          resolve();
        }, ROOM_MS);
      });
      await Promise.race([room, late, this.whenStopped]);
      clearTimeout(timer);
    }
    return !this.isOver;
  }
}
