import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment, Metrics, Readiness, type ReadinessFinding, StartError } from '@tidings/runtime';
import {
  type Consumption,
  isLifecycleTopic,
  lifecycleTopics,
  maxRecordBytes,
  prefixed,
  TransportError,
  type Transport,
} from '@tidings/transport';
import { TRANSPORT } from '../broker.module.js';
import { BatchMatcher } from './batch-matcher.js';
import { CurrentMatcher } from './current-matcher.js';
import { MatchingState } from './matching-state.js';

/** Shared by every matcher: Kafka divides the partitions among them. Without the prefix. */
export const MATCHING_GROUP = 'tidings-notifications-match';

/**
 * How much is fetched and matched at once: what is fetched has to fit the memory. Many partitions at a time, for where
 * little comes each has a message or two, and what they come down to is stored together.
 */
const FETCH = { concurrency: 32, maxBytesPerPartition: 512 * 1024, maxBytes: 2048 * 1024 } as const;

/** Reads all events from the bus into the matcher, and tells how that goes. */
@Injectable()
export class MatchingConsumer implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Matching');
  private consumption: Consumption | undefined;

  constructor(
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly matcher: BatchMatcher,
    private readonly state: MatchingState,
    private readonly current: CurrentMatcher,
    readiness: Readiness,
    metrics: Metrics,
  ) {
    readiness.register('matching', () => this.finding());
    this.measure(metrics);
  }

  /** @param onFatal called when matching cannot go on: the process should end */
  async start(onFatal: (error: Error) => void): Promise<void> {
    await this.prepareTopics();
    const { prefix } = this.environment.kafka;
    this.consumption = await this.transport.consume({
      groupId: prefixed(prefix, MATCHING_GROUP),
      matches: (kafkaTopic) => isLifecycleTopic(prefix, kafkaTopic),
      handle: (batch, control) => this.matcher.handle(batch, control),
      ...FETCH,
      maxRecordBytes: maxRecordBytes(this.environment),
      stallAfterMs: this.environment.watchdogSeconds * 1000,
      isWaiting: () => this.state.waitsFor !== undefined,
      onFatal,
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumption?.stop();
  }

  /** A consumer would see kafkaTopics that are made later, but only after a while. */
  private async prepareTopics(): Promise<void> {
    const { kafka, maxEventBytes } = this.environment;
    try {
      const { created } = await this.transport.ensureTopics(lifecycleTopics(catalogue, { ...kafka, maxEventBytes }));
      if (created.length > 0) this.logger.log(`Made ${created.length} kafkaTopics`);
    } catch (error) {
      throw error instanceof TransportError ? new StartError(`Kafka: ${error.message}`, { cause: error }) : error;
    }
  }

  private finding(): ReadinessFinding {
    if (this.state.waitsFor !== undefined) return { up: false, reason: 'the database is away, matching waits for it' };
    const trouble = this.consumption?.trouble();
    if (trouble !== undefined) return { up: false, reason: trouble };
    return this.consumption?.isJoined() === true
      ? { up: true }
      : { up: false, reason: 'the consumer group of matching has not been joined yet' };
  }

  private measure(metrics: Metrics): void {
    metrics.gauge(
      'tidings_matching_events',
      'Messages read, of them skipped, events taken, of them refused by the database, and deliveries made, since the start',
      ['result'],
      (gauge) => {
        for (const [result, count] of Object.entries(this.state.counts)) gauge.set({ result }, count);
      },
    );
    metrics.gauge(
      'tidings_matching_filters_cut_short',
      'Filters that cost more for an event than they may, and so did not match it, since the start',
      [],
      (gauge) => gauge.set(this.state.cutShortCount),
    );
    metrics.gauge(
      'tidings_matching_configuration_version',
      'By which version of the configuration this process matches',
      [],
      (gauge) => gauge.set(Number(this.current.version)),
    );
    metrics.gauge('tidings_matching_lag', 'Messages not yet matched, by kafkaTopic', ['kafka_topic'], async (gauge) => {
      gauge.reset();
      for (const { kafkaTopic, lag } of (await this.consumption?.lag()) ?? []) {
        gauge.inc({ kafka_topic: kafkaTopic }, Number(lag));
      }
    });
  }
}
