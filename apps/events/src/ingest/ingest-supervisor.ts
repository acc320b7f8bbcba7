import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment, Metrics, Readiness, type ReadinessFinding, StartError } from '@tidings/runtime';
import {
  isLifecycleTopic,
  LifecycleConsumerServer,
  lifecycleTopics,
  topicSpec,
  topicWarnings,
  TransportError,
  type Transport,
} from '@tidings/transport';
import { TRANSPORT } from '../broker.module.js';
import { DEAD_LETTER_TOPIC, DeadLetterAnnouncer } from './dead-letter-announcer.js';
import { Housekeeper } from './housekeeper.js';
import { IngestState } from './ingest-state.js';
import { SearchIndexKeeper } from './search-index-keeper.js';
import { RollupKeeper } from '../rollups/rollup-keeper.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Prepares what the ingest needs before it starts, and tells how it is doing. */
@Injectable()
export class IngestSupervisor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Ingest');

  constructor(
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly housekeeper: Housekeeper,
    private readonly rollups: RollupKeeper,
    private readonly searchIndexes: SearchIndexKeeper,
    private readonly announcer: DeadLetterAnnouncer,
    private readonly state: IngestState,
    private readonly server: LifecycleConsumerServer,
    readiness: Readiness,
    metrics: Metrics,
  ) {
    readiness.register('ingest', () => this.finding());
    this.measure(metrics);
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.prepareTopics(), this.housekeeper.start()]);
    this.rollups.start();
    this.searchIndexes.start();
    this.announcer.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.housekeeper.stop(), this.rollups.stop(), this.searchIndexes.stop(), this.announcer.stop()]);
  }

  private async prepareTopics(): Promise<void> {
    const { kafka, maxEventBytes } = this.environment;
    const settings = { ...kafka, maxEventBytes };
    try {
      const specs = [...lifecycleTopics(catalogue, settings), topicSpec(DEAD_LETTER_TOPIC, settings)];
      const { created, findings } = await this.transport.ensureTopics(specs);
      if (created.length > 0) {
        this.logger.log(`Created ${created.length} Kafka ${created.length === 1 ? 'topic' : 'topics'}`);
      }
      await this.compareRetention(specs.map(({ kafkaTopic }) => kafkaTopic));
      for (const warning of topicWarnings(findings)) this.logger.warn(warning);
    } catch (error) {
      throw error instanceof TransportError ? new StartError(`Kafka: ${error.message}`, { cause: error }) : error;
    }
  }

  /**
   * A message that Kafka can still hand out must find its identity in the ledger. That a segment goes only when its newest
   * message is old enough is said, and no more: of most copies the store finds the first one without the ledger, too.
   */
  private async compareRetention(kafkaTopics: readonly string[]): Promise<void> {
    const days = this.environment.identityDays;
    // The kafkaTopic of dead letters is not read here.
    const read = kafkaTopics.filter((kafkaTopic) => isLifecycleTopic(this.environment.kafka.prefix, kafkaTopic));
    const kept = (await this.transport.describeTopics(read)).map(({ kafkaTopic, config }) => ({
      kafkaTopic,
      ...keptTimes(config),
    }));
    const longer = kept.filter(({ atLeastMs }) => atLeastMs >= days * DAY_MS);
    const maybeLonger = kept.filter(({ atMostMs }) => atMostMs > days * DAY_MS);
    if (longer.length > 0) {
      throw new StartError(
        `Kafka keeps messages as long as TIDINGS_IDENTITY_DAYS (${days}) or longer on ${namesOf(longer)}. ` +
          'Raise TIDINGS_IDENTITY_DAYS, or shorten retention.ms of those.',
      );
    }
    if (maybeLonger.length > 0) {
      this.logger.warn(
        `Kafka may keep messages longer than TIDINGS_IDENTITY_DAYS (${days}) on ${namesOf(maybeLonger)}, since it ` +
          'deletes whole segments. Raise TIDINGS_IDENTITY_DAYS, or shorten segment.ms of those.',
      );
    }
  }

  private finding(): ReadinessFinding {
    if (this.state.waitsFor !== undefined)
      return { up: false, reason: 'the database is away, the ingest waits for it' };
    const trouble = this.server.consumption()?.trouble();
    if (trouble !== undefined) return { up: false, reason: trouble };
    return this.server.consumption()?.isJoined() === true
      ? { up: true }
      : { up: false, reason: 'the consumer group has not been joined yet' };
  }

  private measure(metrics: Metrics): void {
    metrics.gauge('tidings_ingest_events', 'Messages by what became of them, since the start', ['result'], (gauge) => {
      for (const [result, count] of Object.entries(this.state.counts)) gauge.set({ result }, count);
    });
    metrics.gauge('tidings_ingest_lag', 'Messages not yet stored, by kafkaTopic', ['kafka_topic'], async (gauge) => {
      gauge.reset();
      for (const { kafkaTopic, lag } of (await this.server.consumption()?.lag()) ?? []) {
        gauge.inc({ kafka_topic: kafkaTopic }, Number(lag));
      }
    });
  }
}

/** For how long Kafka may hand out a message, milliseconds: for the whole retention, and until its segment is full. */
function keptTimes(config: Readonly<Record<string, string>> | undefined): { atLeastMs: number; atMostMs: number } {
  const { 'retention.ms': retention, 'segment.ms': segment = '0' } = config ?? {};
  if (retention === undefined) return { atLeastMs: 0, atMostMs: 0 };
  const atLeastMs = retention === '-1' ? Number.POSITIVE_INFINITY : Number(retention);
  return { atLeastMs, atMostMs: atLeastMs + Number(segment) };
}

function namesOf(topics: readonly { readonly kafkaTopic: string }[]): string {
  const [first, ...others] = topics.map(({ kafkaTopic }) => kafkaTopic);
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}
