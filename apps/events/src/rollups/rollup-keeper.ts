import type { RollupRepository } from './rollup.repository.js';

/** Small enough that whoever waits for the watermark's lock waits for a moment only. */
const ROWS_PER_STEP = 100_000;
/**
 * What is not counted yet is counted by every question, so it should be little; and each round writes the present hour's
 * rows anew, so rounds should be few.
 */
const EVERY_MS = 1_000;
const PROGRESS_MS = 5_000;

/**
 * Keeps the roll-ups up. It asks by the clock and not only when something was told: what a process that died has stored
 * is told to nobody, and asking costs one look at an index.
 */
export class RollupKeeper {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private failed = false;

  constructor(
    private readonly repository: Pick<RollupRepository, 'advance' | 'mendRestored'>,
    private readonly report: (message: string) => void,
    private readonly everyMs = EVERY_MS,
  ) {}

  start(): void {
    this.running = this.round().finally(() => {
      if (this.stopped) return;
      this.timer = setTimeout(() => this.start(), this.everyMs);
      this.timer.unref();
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Counts until nothing is left; what fails is tried again in the next round. */
  async round(): Promise<void> {
    const begin = performance.now();
    let reported = begin;
    let sum = 0;
    try {
      if (await this.repository.mendRestored())
        this.report(
          'the store was restored into another server: its rows were put before all new ones, and are counted anew',
        );
      while (!this.stopped) {
        const counted = await this.repository.advance(ROWS_PER_STEP);
        if (counted === undefined) break;
        sum += counted;
        if (performance.now() - reported < PROGRESS_MS) continue;
        reported = performance.now();
        this.report(`roll-ups: ${sum} events counted so far`);
      }
      if (reported > begin) this.report(`roll-ups: ${sum} events counted, up to date`);
      this.failed = false;
    } catch (error) {
      if (!this.failed) this.report(`roll-ups failed and will be tried again: ${String(error)}`);
      this.failed = true;
    }
  }
}
