import type { EventCriteria } from './event-criteria.js';

/** How many events match, of the transactions before one. */
export interface KnownCount {
  readonly count: number;
  readonly before: string;
}

const MAX_KNOWN = 2_000;

/**
 * Counts that were made before. A transaction that has ended gets no more rows, so that such a count and that of the rows
 * behind it are together what a new count would be, as long as none were deleted. Whoever asks for one that is being made
 * gets the same.
 */
export class KnownCounts {
  private counts = new Map<string, Promise<KnownCount | undefined>>();
  private generation = '';

  /**
   * @param generation another one when events were deleted: what was counted before is forgotten
   * @param make counts; undefined: there are too many, which is not remembered
   */
  async of(
    criteria: EventCriteria,
    generation: string,
    make: () => Promise<KnownCount | undefined>,
  ): Promise<KnownCount | undefined> {
    if (generation !== this.generation) this.counts.clear();
    this.generation = generation;
    const key = JSON.stringify(criteria);
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.counts.size >= MAX_KNOWN) this.counts.clear();
    this.counts.set(key, made);
    const counted = await made.catch((error: unknown) => {
      this.forget(key, made);
      throw error;
    });
    if (counted === undefined) this.forget(key, made);
    return counted;
  }

  /** Goes on from a later transaction. */
  advance(criteria: EventCriteria, generation: string, later: KnownCount): void {
    const key = JSON.stringify(criteria);
    if (generation === this.generation && this.counts.has(key)) this.counts.set(key, Promise.resolve(later));
  }

  private forget(key: string, made: Promise<KnownCount | undefined>): void {
    if (this.counts.get(key) === made) this.counts.delete(key);
  }
}
