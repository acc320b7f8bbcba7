import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Catalogue, catalogue as tidingsCatalogue, systems as tidingsSystems } from '@tidings/catalogue';
import type { ConsumerLag, Transport, TransportLog } from '@tidings/transport';
import type { DeadLetterBox } from './dead-letter-box.js';
import { EventSubscription, type SubscriptionStats } from './event-subscription.js';
import { connectionOf } from './consumer-connection.js';
import { HandlerExplorer } from './handler-explorer.js';
import { checkOptions, type SubscribingOptions } from './subscribing-options.js';
import { measureHandlers, showSubscription } from './subscription-metrics.js';

export const SUBSCRIBING_OPTIONS = Symbol('SUBSCRIBING_OPTIONS');

/** Starts and ends the consumer with its application; inject it to pause, and to see how it does. */
@Injectable()
export class EventSubscriber implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Subscribing');
  private subscription: EventSubscription | undefined;
  /** Made here, so closed here. */
  private ownTransport: Transport | undefined;

  constructor(
    @Inject(SUBSCRIBING_OPTIONS) private readonly options: SubscribingOptions,
    private readonly explorer: HandlerExplorer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { options } = this;
    checkOptions(options);
    const { systems = [] } = options;
    const catalogue = systems.length === 0 ? tidingsCatalogue : new Catalogue([...tidingsSystems, ...systems]);
    const handlers = this.explorer.handlers(catalogue, options.retryAfterMs);
    if (handlers.length === 0) {
      this.logger.warn('No method is marked with @OnEvent or @OnEvents, so nothing is consumed');
      return;
    }
    if (options.registry !== undefined) measureHandlers(options.registry, options.group, handlers);
    const log: TransportLog = (level, message, fields) => {
      // The client's own messages are for those who look for its mistakes; a service's log is not the place.
      if (level !== 'debug') this.logger[level === 'info' ? 'log' : level](message, ...(fields ? [fields] : []));
    };
    const { transport, prefix } = connectionOf(options, log);
    if (transport !== options.transport) this.ownTransport = transport;
    this.subscription = await EventSubscription.start({ options, transport, prefix, catalogue, handlers, log });
    if (options.registry !== undefined) showSubscription(options.registry, options.group, this.subscription);
    const names = handlers.map(({ name }) => name).join(', ');
    this.logger.log(`Group ${options.group} reads ${this.subscription.reads().join(', ')} for ${names}`);
  }

  /** Before anything that handlers use is taken away. */
  async onModuleDestroy(): Promise<void> {
    await this.subscription?.stop();
    this.subscription = undefined;
    await this.ownTransport?.close();
    this.ownTransport = undefined;
  }

  /** True once the consumer group has been joined: for readiness. */
  isReady(): boolean {
    return this.subscription?.isJoined() ?? false;
  }

  /** What happened since the start; undefined while nothing is consumed. */
  stats(): SubscriptionStats | undefined {
    return this.subscription?.stats();
  }

  /** How far the whole group is behind, by partition. @throws {TransportError} when the broker does not answer */
  async lag(): Promise<readonly ConsumerLag[]> {
    return (await this.subscription?.lag()) ?? [];
  }

  /** Finishes what is in hand and consumes nothing more until {@link resume}. */
  async pause(): Promise<void> {
    await this.subscription?.pause();
  }

  async resume(): Promise<void> {
    await this.subscription?.resume();
  }

  /** Events whose handlers failed for good; undefined while nothing is consumed. */
  get deadLetters(): DeadLetterBox | undefined {
    return this.subscription?.deadLetters;
  }
}
