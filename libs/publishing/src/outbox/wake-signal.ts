/** Sleeps until it is woken or the time is over. Woken while it did not sleep, it does not fall asleep next time. */
export class WakeSignal {
  private isWoken = false;
  private wakeSleeper: (() => void) | undefined;

  wake(): void {
    this.isWoken = true;
    this.wakeSleeper?.();
  }

  async sleep(milliseconds: number): Promise<void> {
    if (!this.isWoken && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wakeSleeper = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeSleeper = undefined;
    }
    this.isWoken = false;
  }
}
