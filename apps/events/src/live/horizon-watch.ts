import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '@tidings/runtime';
import { LiveRowStore } from './live-row.store.js';

/** Milliseconds. */
const EVERY = 10_000;
/** An ordinary transaction is over long before. */
const SUSPICIOUS = 60_000;

/**
 * Streams and roll-ups wait for the oldest transaction of the PostgreSQL server, whoever has it: one that stays open is
 * reported, for nothing else shows why they stand still.
 */
@Injectable()
export class HorizonWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Store');
  private timer: NodeJS.Timeout | undefined;
  private oldest: { readonly transaction: bigint; readonly since: number } | undefined;
  private isReported = false;

  constructor(
    @Inject(LiveRowStore) private readonly store: Pick<LiveRowStore, 'present' | 'horizon'>,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'tidings_store_oldest_transaction_seconds',
      'For how long streams and roll-ups have been waiting for one open transaction of the PostgreSQL server',
      [],
      (gauge) => gauge.set(this.ageMs() / 1_000),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look().catch(() => undefined), EVERY).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Looks which transaction is the oldest that is open. */
  async look(now = performance.now()): Promise<void> {
    const [present, horizon] = [await this.store.present(), await this.store.horizon()];
    if (present.transaction >= horizon.transaction) this.oldest = undefined;
    else if (this.oldest?.transaction !== present.transaction)
      this.oldest = { transaction: present.transaction, since: now };
    const age = this.ageMs(now);
    if (age < SUSPICIOUS) this.isReported = false;
    else if (!this.isReported) {
      this.isReported = true;
      this.logger.warn(
        `A transaction of the PostgreSQL server, ${present.transaction + 1n}, has been open for ${Math.round(age / 1_000)} s, and live streams and counts wait for it. Find it in pg_stat_activity by backend_xid, or in pg_prepared_xacts, and end it.`,
      );
    }
  }

  private ageMs(now = performance.now()): number {
    return this.oldest === undefined ? 0 : now - this.oldest.since;
  }
}
