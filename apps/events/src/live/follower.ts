import { Logger } from '@nestjs/common';
import type { EventNames, TypeDictionary } from '../query/type-dictionary.js';
import type { Circle } from './audience.js';
import { liveEventOf } from './live-event-view.js';
import type { LiveEvent, LiveListener, StreamEnd } from './live-events.js';
import type { LiveRow } from './live-row.js';
import type { LiveRowStore, RowChunk } from './live-row.store.js';
import type { ReadingTurns } from '../query/reading-turns.js';
import { comparePositions, positionText, type StorePosition } from './store-position.js';
import type { StoreTail } from './store-tail.js';

/** As much of the past as a listener that has room takes at once: see `ClientQueue`. */
const CHUNK = { rows: 200, bytes: 1_000_000 } as const;
/** A listener that takes nothing for so long is slow, milliseconds. */
const ROOM_MS = 30_000;
/** After a reading of the past failed, milliseconds; the last repeats. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000] as const;
const MAX_ATTEMPTS = 15;

/** Has the type and the source of every row that it is asked about. */
export interface RowDictionary {
  covering(rows: readonly LiveRow[]): Promise<TypeDictionary>;
}

/** What the past is read with. */
export interface PastSources {
  readonly store: LiveRowStore;
  readonly tail: StoreTail;
  readonly dictionary: RowDictionary;
  /** Shared by all followers: what they have read and not handed over yet is bounded. */
  readonly turns: ReadingTurns;
}

/** Takes a listener through the past, if it asked for it, and into the present. */
export class Follower {
  private readonly logger = new Logger('LiveEvents');
  private isOver = false;
  private stopped: () => void = () => undefined;
  private readonly whenStopped = new Promise<void>((resolve) => (this.stopped = resolve));

  /** Those who ask for the same. */
  readonly circle: Circle<Follower>;

  /**
   * @param enter makes it belong to its circle
   * @param position behind which it stands
   * @param onOver called once, however it ends
   * @param onLeftOut called for each event that the listener cannot show
   */
  constructor(
    private readonly listener: LiveListener,
    enter: (follower: Follower) => Circle<Follower>,
    private position: StorePosition,
    private readonly onOver: () => void,
    private readonly onLeftOut: (at: StorePosition, error: unknown) => void,
  ) {
    this.circle = enter(this);
  }

  /** Goes live from where it stands: to be called in the moment in which the tail stands there, or behind it. */
  join(): void {
    this.circle.members.add(this);
    this.listener.reached?.(positionText(this.position));
  }

  /** Hands over a row that concerns it. */
  give(row: LiveRow, event: () => LiveEvent): void {
    if (this.isOver || comparePositions(row.position, this.position) <= 0) return;
    this.position = row.position;
    if (!this.isTaken(event)) this.end('slow');
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
    this.listener.over?.();
  }

  /**
   * Hands the past over at the listener's own pace, then goes live, without a gap: the last part of the past comes from
   * what the tail has just read, and in the moment in which nothing is left of it, the tail takes over.
   * @param since rows that were stored before are passed over, microseconds since the Unix epoch
   */
  async catchUp({ store, tail, dictionary, turns }: PastSources, since?: bigint): Promise<void> {
    while (await this.hasRoom()) {
      const recent = tail.recentAfter(this.position);
      if (recent?.length === 0) {
        this.join();
        return;
      }
      if (recent !== undefined) await this.handOver(recent.slice(0, CHUNK.rows), dictionary, since);
      else {
        const end = await turns.take();
        try {
          // Others had their turns meanwhile.
          if (this.isOver || this.listener.room?.() !== undefined) continue;
          const reached = tail.position;
          const chunk = await this.read(store);
          if (chunk === undefined) return;
          await this.handOver(chunk.rows, dictionary, since);
          // The last part ends no earlier than where the tail stood before it was read, though no row may be there.
          if (chunk.isEnd) this.passTo(reached);
        } finally {
          end();
        }
      }
      // The event loop is others' too, where nothing had to wait.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async handOver(rows: readonly LiveRow[], dictionary: RowDictionary, since?: bigint): Promise<void> {
    const known = await dictionary.covering(rows);
    for (const row of rows) {
      const names = known.namesOf(row);
      const isPassedOver = since !== undefined && row.storedAt < since;
      if (!isPassedOver && this.isConcernedBy(row, names)) this.give(row, () => liveEventOf(row, known));
      else this.position = row.position;
    }
  }

  private isConcernedBy(row: LiveRow, names: EventNames | undefined): boolean {
    return names !== undefined && this.circle.matches(row, names);
  }

  /** An event that a listener cannot put into words is passed over: it is no fault of whoever listens. */
  private isTaken(event: () => LiveEvent): boolean {
    try {
      return this.listener.take(event());
    } catch (error) {
      this.onLeftOut(this.position, error);
      return true;
    }
  }

  private passTo(position: StorePosition | undefined): void {
    if (position !== undefined && comparePositions(this.position, position) < 0) this.position = position;
  }

  /** @returns undefined when it is over */
  private async read(store: LiveRowStore): Promise<RowChunk | undefined> {
    for (let attempt = 0; !this.isOver; attempt += 1) {
      try {
        return await store.after(this.position, CHUNK);
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
    for (let room = this.listener.room?.(); room !== undefined && !this.isOver; room = this.listener.room?.()) {
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
