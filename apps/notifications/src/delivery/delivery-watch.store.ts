import { listen } from '@tidings/database';
import type { Pool } from 'pg';
import { DELIVERIES_CHANNEL } from './deliveries-channel.js';

const RETRY_MS = 1_000;

/** Hears of deliveries that other processes put into the table. While it is away, the dispatcher's sweep finds them. */
export class DeliveryWatch {
  private stopListening: (() => Promise<void>) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly onDeliveries: () => void,
  ) {}

  start(): void {
    const again = (): void => {
      this.stopListening = undefined;
      if (!this.isStopped) this.timer = setTimeout(() => this.start(), RETRY_MS).unref();
    };
    listen(this.pool, DELIVERIES_CHANNEL, this.onDeliveries, again).then((stopListening) => {
      this.stopListening = stopListening;
      if (this.isStopped) void this.stop();
      // What came before it listened was told to nobody.
      else this.onDeliveries();
    }, again);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.stopListening?.().catch(() => undefined);
  }
}
