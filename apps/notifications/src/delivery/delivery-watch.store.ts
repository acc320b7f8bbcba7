import { Client, type Pool } from 'pg';
import { DELIVERIES_CHANNEL } from './deliveries-channel.js';

const RETRY_MS = 1_000;

/** Hears of deliveries that other processes put into the table. While it is away, the dispatcher's sweep finds them. */
export class DeliveryWatch {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly onDeliveries: () => void,
  ) {}

  start(): void {
    if (this.isStopped) return;
    // A connection of its own: one of the pool's would be missing there for ever.
    const client = new Client(this.pool.options);
    this.client = client;
    const again = (): void => {
      if (this.client !== client) return;
      this.client = undefined;
      client.end().catch(() => undefined);
      if (!this.isStopped) this.timer = setTimeout(() => this.start(), RETRY_MS).unref();
    };
    client.on('notification', this.onDeliveries);
    client.on('error', again);
    client.on('end', again);
    client
      .connect()
      .then(async () => client.query(`LISTEN ${DELIVERIES_CHANNEL}`))
      // What came before it listened was told to nobody.
      .then(this.onDeliveries, again);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
