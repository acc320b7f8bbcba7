import type { OutboundGuard } from '@tidings/outbound';
import type { Pool } from 'pg';
import type { ConfigurationSource } from '../configuration/configuration.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { TemplateRenderer } from '../templates/template-renderer.js';
import { LEASE_SECONDS } from './claimed-delivery.js';
import { CompletionLog } from './completion-log.js';
import { DeliveryAttempts } from './delivery-attempts.js';
import { DeliveryHousekeeper } from './delivery-housekeeper.store.js';
import { DeliveryStore } from './delivery.store.js';
import { claimPool, completionPool } from './dispatch-pools.store.js';
import { DeliveryWatch } from './delivery-watch.store.js';
import { DestinationHealth } from './destination-health.js';
import { Dispatcher } from './dispatcher.js';
import { OpenDestinations } from './open-destinations.js';
import type { OperatorNotices } from './operator-notices.js';

export interface DeliveryParts {
  readonly pool: Pool;
  readonly configuration: ConfigurationSource;
  readonly secretBox: SecretBox;
  readonly outbound: OutboundGuard;
  readonly notices: Pick<OperatorNotices, 'start' | 'disable' | 'stop'>;
  /** How long what has ended is kept. */
  readonly keepDays: number;
  readonly report: (message: string) => void;
  /** Before the names of Tidings' own kafkaTopics; none unless told otherwise. */
  readonly kafkaPrefix?: string;
  /** Of a whole exchange; the usual one unless tests say otherwise. */
  readonly attemptMs?: number;
}

/** Everything that delivers, put together. */
export class RunningDelivery {
  readonly dispatcher: Dispatcher;
  private readonly pools: readonly Pool[];
  private readonly watch: DeliveryWatch;
  private readonly health: DestinationHealth;
  private readonly destinations: OpenDestinations;
  private readonly renderer = new TemplateRenderer();
  private readonly housekeeper: DeliveryHousekeeper;
  private forget: (() => void) | undefined;

  constructor(private readonly parts: DeliveryParts) {
    const { pool, configuration, secretBox, outbound, notices, keepDays, report, attemptMs, kafkaPrefix = '' } = parts;
    const claims = claimPool(pool);
    const completions = completionPool(pool);
    this.pools = [claims, completions];
    const store = new DeliveryStore(claims, completions, pool);
    this.destinations = new OpenDestinations(secretBox, outbound, kafkaPrefix);
    this.health = new DestinationHealth(store, async (...what) => notices.disable(...what), report);
    this.dispatcher = new Dispatcher({
      queue: store,
      configuration,
      attempts: new DeliveryAttempts(configuration, this.destinations, this.renderer, attemptMs),
      log: new CompletionLog(store, report, LEASE_SECONDS * 1_000),
      watch: this.health,
      report,
    });
    this.watch = new DeliveryWatch(pool, () => this.dispatcher.wake());
    this.housekeeper = new DeliveryHousekeeper(pool, keepDays, report);
  }

  start(): void {
    const { configuration, notices } = this.parts;
    this.forget = configuration.onChange((changed) => {
      this.destinations.follow(changed);
      // A destination that was enabled again has deliveries waiting.
      this.dispatcher.wake();
    });
    this.watch.start();
    this.health.start();
    notices.start();
    this.housekeeper.start();
    this.dispatcher.start();
  }

  async stop(): Promise<void> {
    this.forget?.();
    await this.watch.stop();
    await this.dispatcher.stop();
    await Promise.all([this.health.stop(), this.housekeeper.stop(), this.renderer.close()]);
    await this.parts.notices.stop();
    await this.destinations.close();
    await Promise.all(this.pools.map(async (pool) => pool.end()));
  }
}
