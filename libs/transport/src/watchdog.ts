export interface WatchdogSubject {
  /** When a batch was last finished, or a busy handler last said that it lives; milliseconds since the epoch. */
  lastLifeAt(): number;
  /** Standing still is no fault now. */
  isExcused(): boolean;
  /** Whether there are messages that this process should have read. May reject: then nothing is known. */
  hasLag(): Promise<boolean>;
}

/** Each look asks the broker, so an idle process is not to look more often than this, milliseconds. */
const LONGEST_BETWEEN_LOOKS_MS = 15_000;

/**
 * Finds the consumer that has messages to read and does nothing: a hang that no error reports. Somebody else then has to
 * end the process, because what hangs cannot be repaired from inside.
 */
export class Watchdog {
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  /**
   * When the time began to count: the first look that saw lag since the last one that saw none, saw progress, or saw an
   * excuse. Idle time before it does not count, or a message that arrives after a quiet hour would be a stall at once.
   */
  private since: number | undefined;

  constructor(
    private readonly subject: WatchdogSubject,
    private readonly stallAfterMs: number,
    private readonly onStall: (forMs: number) => void,
  ) {}

  start(): void {
    if (this.stallAfterMs <= 0) return;
    const every = Math.max(10, Math.min(LONGEST_BETWEEN_LOOKS_MS, this.stallAfterMs / 4));
    this.timer = setInterval(() => void this.look(), every);
    // A process that has nothing else to do may end.
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    // A broker may take longer to answer than it is until the next look.
    if (this.looking) return;
    this.looking = true;
    try {
      const isLate = await this.isLate();
      const now = Date.now();
      if (!isLate) this.since = undefined;
      else if (this.since === undefined || this.subject.lastLifeAt() > this.since) this.since = now;
      else if (this.timer !== undefined && now - this.since >= this.stallAfterMs) {
        this.stop();
        this.onStall(now - this.since);
      }
    } finally {
      this.looking = false;
    }
  }

  /** A broker that does not answer is not the consumer's fault. */
  private async isLate(): Promise<boolean> {
    if (this.subject.isExcused()) return false;
    const hasLag = await this.subject.hasLag().catch(() => false);
    return hasLag && !this.subject.isExcused();
  }
}
