import { formatTime, isJsonObject, parseTime } from '@tidings/catalogue';

/** Of so many events is remembered that they were seen; more are recognised further on, by what they say. */
const MAX_SEEN = 10_000;

/** An event of a list, as far as the position needs it. */
export interface ListedEvent {
  readonly uuid: string;
  /** Microseconds since the Unix epoch. */
  readonly created: bigint;
}

/**
 * How far a poller of Waldur's events has come. Waldur stores an event when its transaction ends, so one can appear
 * behind others that were created after it: each poll looks back a while, and leaves out what it has seen.
 */
export class WaldurPosition {
  private constructor(
    private readonly since: bigint,
    private until: bigint,
    private seen: ReadonlyMap<string, bigint>,
    private readonly overlap: bigint,
  ) {}

  /** @param since where nothing is kept: microseconds @param overlapSeconds how far each poll looks back */
  static from(kept: unknown, since: bigint, overlapSeconds: number): WaldurPosition {
    const overlap = BigInt(overlapSeconds) * 1_000_000n;
    if (!isJsonObject(kept)) return new WaldurPosition(since, since, new Map(), overlap);
    const timeOf = (value: unknown): bigint | undefined => (typeof value === 'string' ? parseTime(value) : undefined);
    const begun = timeOf(kept['since']) ?? since;
    const seen = isJsonObject(kept['seen']) ? Object.entries(kept['seen']) : [];
    const times = new Map(seen.map(([uuid, time]) => [uuid, timeOf(time) ?? 0n]));
    return new WaldurPosition(begun, timeOf(kept['until']) ?? begun, times, overlap);
  }

  /** What to ask from, as Waldur counts: whole seconds. */
  get createdFrom(): number {
    const back = this.until - this.overlap;
    const from = back > this.since ? back : this.since;
    return Number(from < 0n ? 0n : from / 1_000_000n);
  }

  /** How far behind the present it is, seconds. @param now microseconds */
  behind(now: bigint): number {
    return Number(now - this.until) / 1_000_000;
  }

  has({ uuid }: ListedEvent): boolean {
    return this.seen.has(uuid);
  }

  /** Those events are safe. Where the oldest come first, it never moves past one that is not. */
  advance(events: readonly ListedEvent[]): void {
    const seen = new Map(this.seen);
    for (const { uuid, created } of events) {
      seen.set(uuid, created);
      if (created > this.until) this.until = created;
    }
    const oldest = this.until - this.overlap - 1_000_000n;
    const kept = [...seen].filter(([, created]) => created >= oldest);
    this.seen = new Map(kept.slice(-MAX_SEEN));
  }

  /** As it is kept. */
  toJSON(): object {
    const seen = Object.fromEntries([...this.seen].map(([uuid, created]) => [uuid, formatTime(created)]));
    return { since: formatTime(this.since), until: formatTime(this.until), seen };
  }
}
