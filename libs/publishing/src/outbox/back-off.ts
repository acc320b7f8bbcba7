const FIRST_MS = 100;
const MOST_MS = 5_000;

/** How long to leave something alone that failed: doubling from failure to failure, forgotten at a success. */
export class BackOff {
  private readonly failing = new Map<string, { readonly failures: number; readonly until: number }>();

  /** @returns for how long, milliseconds */
  failed(name: string, now: number): number {
    const failures = (this.failing.get(name)?.failures ?? 0) + 1;
    // With jitter, so that relays which failed together do not return together.
    const pause = Math.round(Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.8 + Math.random() * 0.4));
    this.failing.set(name, { failures, until: now + pause });
    return pause;
  }

  succeeded(name: string): void {
    this.failing.delete(name);
  }

  /** What is to be left alone at this moment. */
  resting(now: number): readonly string[] {
    return [...this.failing].filter(([, { until }]) => until > now).map(([name]) => name);
  }

  /** When the next of them may be tried again; Infinity when none rests. */
  nextAt(now: number): number {
    const ends = [...this.failing.values()].map(({ until }) => until).filter((until) => until > now);
    return Math.min(Infinity, ...ends);
  }
}
