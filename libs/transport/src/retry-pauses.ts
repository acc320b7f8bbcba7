const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 10_000;

/** How long a partition rests after its handler failed: doubling from failure to failure, forgotten at a success. */
export class RetryPauses {
  private readonly failures = new Map<string, number>();

  /** @returns milliseconds, with jitter so that partitions which failed together do not return together */
  next(kafkaTopic: string, partition: number): number {
    const key = `${kafkaTopic} ${partition}`;
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    return Math.round(pause * (0.8 + Math.random() * 0.4));
  }

  succeeded(kafkaTopic: string, partition: number): void {
    if (this.failures.size > 0) this.failures.delete(`${kafkaTopic} ${partition}`);
  }

  /** How often in a row the partition's handler has failed. */
  failuresOf(kafkaTopic: string, partition: number): number {
    return this.failures.get(`${kafkaTopic} ${partition}`) ?? 0;
  }
}
