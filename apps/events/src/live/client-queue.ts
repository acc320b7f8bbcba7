/** As many messages wait for one client, at most. */
const MAX_MESSAGES = 1_000;
/** As many bytes; a single message may be larger. */
const MAX_BYTES = 8_000_000;
/** The past is handed over only while less than this share of the queue is taken: the present needs the rest. */
const PAST_SHARE = 0.2;

/** Counts what has been written to a client and has not left the process yet. */
export class ClientQueue {
  private messages = 0;
  private bytes = 0;
  private waiting: (() => void)[] = [];

  /** @returns false when there is no room; nothing has changed then */
  enter(bytes: number): boolean {
    if (this.messages >= MAX_MESSAGES || (this.messages > 0 && this.bytes + bytes > MAX_BYTES)) return false;
    this.messages += 1;
    this.bytes += bytes;
    return true;
  }

  leave(bytes: number): void {
    this.messages -= 1;
    this.bytes -= bytes;
    if (this.isBusy) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const proceed of waiting) proceed();
  }

  /** Room for the past: undefined when there is, otherwise a promise of it. */
  room(): Promise<void> | undefined {
    if (!this.isBusy) return undefined;
    return new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private get isBusy(): boolean {
    return this.messages > MAX_MESSAGES * PAST_SHARE || this.bytes > MAX_BYTES * PAST_SHARE;
  }
}
