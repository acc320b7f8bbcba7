export interface WatchdogSubject {
  /** When a batch was last finished, or a busy handler last said that it lives; milliseconds since the epoch. */
  lastLifeAt(): number;
  /** Standing still is no fault now. */
  isExcused(): boolean;
  /** Whether there are messages that this process should have read. May reject: then nothing is known. */
  hasLag(): Promise<boolean>;
}

/**
 * Finds the consumer that is a member, has messages to read and does nothing: a hang that no error reports. Somebody
 * else then has to end the process, because what hangs cannot be repaired from inside.
 */
export class Watchdog {
  private timer: NodeJS.Timeout | undefined;
  /** When the time began to count: the last sign of life, or the end of the last excuse. */
  private since = Date.now();

  constructor(
    private readonly subject: WatchdogSubject,
    private readonly stallAfterMs: number,
    private readonly onStall: (forMs: number) => void,
  ) {}

  start(): void {
    if (this.stallAfterMs <= 0) return;
    const every = Math.max(10, Math.min(5_000, this.stallAfterMs / 4));
    this.timer = setInterval(() => void this.look(), every);
    // A process that has nothing else to do may end.
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.subject.isExcused()) {
      this.since = Date.now();
      return;
    }
    const since = Math.max(this.since, this.subject.lastLifeAt());
    if (Date.now() - since < this.stallAfterMs) return;
    const hasLag = await this.subject.hasLag().catch(() => undefined);
    // An idle consumer, or a broker that does not answer, begins to count anew.
    if (hasLag !== true) {
      this.since = Date.now();
      return;
    }
    if (this.timer === undefined || this.subject.isExcused() || this.subject.lastLifeAt() > since) return;
    this.stop();
    this.onStall(Date.now() - since);
  }
}
