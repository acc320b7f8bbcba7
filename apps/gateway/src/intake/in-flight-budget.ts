interface Waiter {
  readonly bytes: number;
  readonly resolve: (granted: boolean) => void;
}

/**
 * How much may be on its way to Kafka at once, over all requests: what bounds this process's memory when many senders
 * are faster than the broker. Whoever comes first is served first, so that a large chunk is not overtaken for ever.
 */
export class InFlightBudget {
  private used = 0;
  private readonly waiters: Waiter[] = [];

  /** @param limit bytes */
  constructor(private readonly limit: number) {}

  /** Takes the bytes if they are to be had at once. */
  tryTake(bytes: number): boolean {
    if (this.waiters.length > 0 || !this.fits(bytes)) return false;
    this.used += bytes;
    return true;
  }

  /**
   * Waits for the bytes.
   * @param deadlineMs how long at most, milliseconds
   * @returns whether they were granted
   */
  take(bytes: number, deadlineMs: number): Promise<boolean> {
    if (this.tryTake(bytes)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        bytes,
        resolve: (granted) => {
          clearTimeout(timer);
          resolve(granted);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        waiter.resolve(false);
        this.serve();
      }, deadlineMs);
      this.waiters.push(waiter);
    });
  }

  give(bytes: number): void {
    this.used -= bytes;
    this.serve();
  }

  private serve(): void {
    for (;;) {
      const [first] = this.waiters;
      if (first === undefined || !this.fits(first.bytes)) return;
      this.waiters.shift();
      this.used += first.bytes;
      first.resolve(true);
    }
  }

  /** Something larger than the whole budget goes alone. */
  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.limit;
  }
}
