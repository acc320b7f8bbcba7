import type { Catalogue } from '@tidings/catalogue';
import {
  prefixed,
  RecordJudge,
  topicSpec,
  TransportError,
  type ConsumerLag,
  type Consumption,
  type RecordPublisher,
  type Transport,
  type TransportLog,
} from '@tidings/transport';
import { BatchRouter } from './batch-router.js';
import { DeadLetterBox } from './dead-letter-box.js';
import { FailedHandling } from './failed-handling.js';
import type { HandlerCounts, HandlerWork } from './handler-work.js';
import { SUBSCRIBING_DEFAULTS, type SubscribingOptions } from './subscribing-options.js';

/** How a subscription stands. */
export interface SubscriptionStats {
  readonly state: 'stopped' | 'joining' | 'consuming' | 'paused';
  /** Messages read since the start. */
  readonly read: number;
  /** Of those, the ones that no handler takes. */
  readonly unread: number;
  /** Of those, the ones that are no events. */
  readonly unreadable: number;
  /** Whether an event waits for its next attempt. */
  readonly waiting: boolean;
  /** By handler. */
  readonly handlers: Readonly<Record<string, Readonly<HandlerCounts>>>;
}

export interface SubscriptionParts {
  readonly options: SubscribingOptions;
  readonly transport: Transport;
  /** Before the names of kafkaTopics and groups. */
  readonly prefix: string;
  readonly catalogue: Catalogue;
  readonly handlers: readonly HandlerWork[];
  readonly log: TransportLog;
}

/** Dead letters are few; one partition keeps them in the order in which they came. */
const DEAD_LETTER_PARTITIONS = 1;
const DEAD_LETTER_RETENTION_HOURS = 14 * 24;
const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/** One consumer, and the handlers that it brings events to. */
export class EventSubscription {
  private readonly router: BatchRouter;
  private readonly failed: FailedHandling;
  private readonly kafkaTopics: ReadonlySet<string>;
  private readonly groupId: string;
  private readonly deadLetterTopic: string;
  private consumption: Consumption | undefined;
  private paused = false;
  /** Pausing and resuming follow one another, whoever calls them. */
  private changing: Promise<void> = Promise.resolve();
  readonly deadLetters: DeadLetterBox;

  private constructor(
    private readonly parts: SubscriptionParts,
    private readonly publisher: RecordPublisher,
  ) {
    const { options, handlers, transport, prefix, catalogue, log } = parts;
    this.groupId = prefixed(prefix, options.group);
    this.deadLetterTopic = prefixed(prefix, `dead-letter.${options.group}`);
    this.failed = new FailedHandling({
      publisher,
      deadLetterTopic: this.deadLetterTopic,
      prepare: () => this.makeDeadLetterTopic(),
      log,
    });
    const { maxEventBytes } = options;
    this.router = new BatchRouter({
      judge: new RecordJudge(catalogue, { prefix, ...(maxEventBytes !== undefined && { maxEventBytes }) }),
      handlers,
      failed: this.failed,
      entitiesAtOnce: options.entitiesAtOnce ?? SUBSCRIBING_DEFAULTS.entitiesAtOnce,
      checksPayloads: options.checkPayloads ?? true,
    });
    const taken = new Set(handlers.flatMap(({ types }) => [...types]));
    this.kafkaTopics = new Set(
      catalogue
        .types()
        .filter(({ type }) => taken.has(type))
        .map(({ kafkaTopic }) => prefixed(prefix, kafkaTopic)),
    );
    this.deadLetters = new DeadLetterBox({
      transport,
      kafkaTopic: this.deadLetterTopic,
      groupId: `${this.groupId}.dead-letters`,
      router: this.router,
    });
  }

  /**
   * Makes the kafkaTopic of the dead letters where it is missing, and begins to consume.
   * @throws {TransportError} where it is missing and may not be made
   */
  static async start(parts: SubscriptionParts): Promise<EventSubscription> {
    const subscription = new EventSubscription(parts, await parts.transport.createPublisher());
    await subscription.prepareDeadLetters();
    await subscription.consume();
    return subscription;
  }

  /** The kafkaTopics that the handlers' types travel on, with the prefix. */
  reads(): readonly string[] {
    return [...this.kafkaTopics].sort();
  }

  isJoined(): boolean {
    return this.consumption?.isJoined() ?? false;
  }

  stats(): SubscriptionStats {
    const { handlers } = this.parts;
    const running = this.isJoined() ? 'consuming' : 'joining';
    return {
      state: this.paused ? 'paused' : this.consumption === undefined ? 'stopped' : running,
      ...this.router.totals(),
      waiting: this.router.isWaiting(),
      handlers: Object.fromEntries(handlers.map(({ name, counts }) => [name, { ...counts }])),
    };
  }

  /** The whole group's. @throws {TransportError} when the broker does not answer */
  async lag(): Promise<readonly ConsumerLag[]> {
    return (await this.consumption?.lag()) ?? [];
  }

  /** Finishes what is in hand and leaves the group: other processes of the group take over, if there are any. */
  async pause(): Promise<void> {
    await this.change(async () => {
      if (this.paused || this.consumption === undefined) return;
      this.paused = true;
      await this.consumption.stop();
    });
  }

  /** Goes on where it stopped. */
  async resume(): Promise<void> {
    await this.change(async () => {
      if (!this.paused) return;
      this.paused = false;
      await this.consume();
    });
  }

  /** Finishes the events in hand, commits and leaves the group. */
  async stop(): Promise<void> {
    await this.change(async () => {
      await this.deadLetters.stop();
      await this.consumption?.stop();
      this.consumption = undefined;
      this.paused = false;
      await this.publisher.close();
    });
  }

  private async change(work: () => Promise<void>): Promise<void> {
    const changed = this.changing.then(work);
    this.changing = changed.catch(() => undefined);
    await changed;
  }

  private async consume(): Promise<void> {
    const { options, transport, log } = this.parts;
    const { stallAfterMs, discoverEveryMs } = options;
    this.consumption = await transport.consume({
      groupId: this.groupId,
      matches: (kafkaTopic) => this.kafkaTopics.has(kafkaTopic),
      handle: async (batch, control) => void (await this.router.handle(batch, control)),
      members: options.members ?? SUBSCRIBING_DEFAULTS.members,
      concurrency: options.partitionsAtOnce ?? SUBSCRIBING_DEFAULTS.partitionsAtOnce,
      isWaiting: () => this.router.isWaiting(),
      onFatal: (error) => {
        log('error', 'the consumer cannot go on', { group: this.groupId, error: error.message });
        (options.onFatal ?? throwUncaught)(error);
      },
      ...(stallAfterMs !== undefined && { stallAfterMs }),
      ...(discoverEveryMs !== undefined && { discoverEveryMs }),
    });
  }

  private async prepareDeadLetters(): Promise<void> {
    try {
      await this.makeDeadLetterTopic();
      this.failed.prepared();
    } catch (error) {
      if (!(error instanceof TransportError && error.retriable)) throw error;
      // The consumer waits for the broker; the first dead letter is where it would be missed.
      const { message } = error;
      this.parts.log('warn', 'the kafkaTopic of the dead letters could not be looked for', { error: message });
    }
  }

  private async makeDeadLetterTopic(): Promise<void> {
    const { options, transport, prefix, log } = this.parts;
    const spec = topicSpec(`dead-letter.${options.group}`, {
      prefix,
      partitions: DEAD_LETTER_PARTITIONS,
      replicationFactor: options.replicationFactor ?? -1,
      retentionHours: DEAD_LETTER_RETENTION_HOURS,
      maxEventBytes: MAX_EVENT_BYTES,
    });
    const { created } = await transport.ensureTopics([spec]);
    if (created.length > 0) log('info', 'made the kafkaTopic of the dead letters', { kafkaTopic: spec.kafkaTopic });
  }
}

function throwUncaught(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
