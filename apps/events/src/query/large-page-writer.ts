import { Injectable } from '@nestjs/common';
import { QUERY_LIMITS } from '@tidings/catalogue';
import { EventRepository, type PageEntry, type StoredEvent } from './event.repository.js';
import { ReadingTurns } from './reading-turns.js';

/** As many events are asked for at once. */
const CHUNK = 50;

/** Writes pages that are too large to be in memory: their events are read while the answer is taken. */
@Injectable()
export class LargePageWriter {
  private readonly turns = new ReadingTurns();

  constructor(private readonly events: EventRepository) {}

  /**
   * Events are never changed, so that it does not matter when they are read; one that was deleted meanwhile is left out.
   * @param write says an event as JSON
   * @returns the parts of a JSON array
   */
  async *write(entries: readonly PageEntry[], write: (event: StoredEvent) => string): AsyncGenerator<Buffer> {
    let opening = '[';
    for (let at = 0; at < entries.length;) {
      const end = await this.turns.take();
      let text: string;
      try {
        const { events, taken } = await this.next(entries.slice(at, at + CHUNK));
        text = events.map(write).join(',');
        at += taken;
      } finally {
        end();
      }
      if (text === '') continue;
      yield Buffer.from(opening + text);
      opening = ',';
    }
    yield Buffer.from(opening === '[' ? '[]' : ']');
  }

  /** The events of the next entries, and of how many entries they are. */
  private async next(
    entries: readonly PageEntry[],
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly taken: number }> {
    const present = entries.findIndex(({ event }) => event === undefined);
    if (present !== 0) {
      const taken = present < 0 ? entries.length : present;
      return { events: entries.slice(0, taken).flatMap(({ event }) => event ?? []), taken };
    }
    const firstPresent = entries.findIndex(({ event }) => event !== undefined);
    const ids = entries.slice(0, firstPresent < 0 ? entries.length : firstPresent).map(({ id }) => id);
    const events = await this.events.firstOf(ids, QUERY_LIMITS.pageBytes.value);
    const last = events.at(-1);
    // Where none is there any more, the first is passed over, and the others are asked for again.
    return { events, taken: last === undefined ? 1 : ids.indexOf(last.id) + 1 };
  }
}
