import { Logger, Module } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import {
  LifecycleConsumerServer,
  maxRecordBytes,
  prefixed,
  topicSpec,
  type RecordPublisher,
  type Transport,
} from '@tidings/transport';
import { Pool } from 'pg';
import { BrokerModule, PUBLISHER, TRANSPORT } from '../broker.module.js';
import { AnnouncementRepository } from './announcement.repository.js';
import { BatchIngest } from './batch-ingest.js';
import { createBatchIngest } from './create-batch-ingest.js';
import { DEAD_LETTER_TOPIC, DeadLetterAnnouncer } from './dead-letter-announcer.js';
import { Housekeeper } from './housekeeper.js';
import { IngestController } from './ingest.controller.js';
import { IngestFailure } from './ingest-failure.js';
import { IngestState } from './ingest-state.js';
import { IngestSupervisor } from './ingest-supervisor.js';
import { PartitionRepository } from './partition.repository.js';
import { PartitionIndexRepository } from './partition-index.repository.js';
import { SearchChunkRepository } from './search-chunk.repository.js';
import { SearchIndexKeeper } from './search-index-keeper.js';
import { SearchIndexRepository } from './search-index.repository.js';
import { SearchTextRepository } from './search-text.repository.js';
import { RollupKeeper } from '../rollups/rollup-keeper.js';
import { RollupRepository } from '../rollups/rollup.repository.js';

/** Shared by every ingest process: Kafka divides the partitions among them. Without the prefix. */
export const INGEST_GROUP = 'tidings-events';

/**
 * How much is fetched and handled at once: large batches cost the database less, two members keep it busy while the next
 * messages are fetched, and what is fetched has to fit the memory.
 */
const FETCH = { members: 2, concurrency: 3, maxBytesPerPartition: 1536 * 1024, maxBytes: 4608 * 1024 } as const;

const logger = new Logger('Ingest');

/** The role `ingest`: from the kafkaTopics into the store. */
@Module({
  imports: [BrokerModule],
  controllers: [IngestController],
  providers: [
    IngestSupervisor,
    IngestFailure,
    { provide: IngestState, useFactory: () => new IngestState((message) => logger.warn(message)) },
    { provide: PartitionRepository, inject: [Pool], useFactory: (pool: Pool) => new PartitionRepository(pool) },
    {
      provide: Housekeeper,
      inject: [PartitionRepository, ENVIRONMENT],
      useFactory: (repository: PartitionRepository, environment: Environment) =>
        new Housekeeper(repository, environment, (message) => logger.log(message)),
    },
    {
      provide: DeadLetterAnnouncer,
      inject: [Pool, PUBLISHER, TRANSPORT, ENVIRONMENT],
      useFactory: (
        pool: Pool,
        publisher: RecordPublisher,
        transport: Transport,
        { kafka, maxEventBytes }: Environment,
      ) => {
        const spec = topicSpec(DEAD_LETTER_TOPIC, { ...kafka, maxEventBytes });
        return new DeadLetterAnnouncer({
          repository: new AnnouncementRepository(pool),
          publisher,
          kafkaTopic: spec.kafkaTopic,
          makeTopic: async () => void (await transport.ensureTopics([spec])),
          report: (message) => logger.warn(message),
        });
      },
    },
    SearchIndexRepository,
    SearchChunkRepository,
    SearchTextRepository,
    PartitionIndexRepository,
    {
      provide: SearchIndexKeeper,
      inject: [
        PartitionRepository,
        SearchIndexRepository,
        SearchChunkRepository,
        SearchTextRepository,
        PartitionIndexRepository,
        IngestState,
      ],
      useFactory: (
        partitions: PartitionRepository,
        indexes: SearchIndexRepository,
        chunks: SearchChunkRepository,
        texts: SearchTextRepository,
        partitionIndexes: PartitionIndexRepository,
        state: IngestState,
      ) =>
        new SearchIndexKeeper({
          partitions,
          indexes,
          chunks,
          texts,
          partitionIndexes,
          storedSoFar: () => state.counts.stored,
          report: (message) => logger.log(message),
        }),
    },
    RollupRepository,
    {
      provide: RollupKeeper,
      inject: [RollupRepository],
      useFactory: (repository: RollupRepository) => new RollupKeeper(repository, (message) => logger.log(message)),
    },
    {
      provide: BatchIngest,
      inject: [Pool, ENVIRONMENT, IngestState, DeadLetterAnnouncer],
      useFactory: (
        pool: Pool,
        { kafka, maxEventBytes, retentionDays }: Environment,
        state: IngestState,
        announcer: DeadLetterAnnouncer,
      ) =>
        createBatchIngest({
          pool,
          prefix: kafka.prefix,
          state,
          maxEventBytes,
          retentionDays,
          onLetters: () => announcer.wake(),
        }),
    },
    {
      provide: LifecycleConsumerServer,
      inject: [TRANSPORT, ENVIRONMENT, IngestState, IngestFailure],
      useFactory: (transport: Transport, environment: Environment, state: IngestState, failure: IngestFailure) =>
        new LifecycleConsumerServer({
          transport,
          prefix: environment.kafka.prefix,
          consume: {
            groupId: prefixed(environment.kafka.prefix, INGEST_GROUP),
            ...FETCH,
            maxRecordBytes: maxRecordBytes(environment),
            stallAfterMs: environment.watchdogSeconds * 1000,
            isWaiting: () => state.waitsFor !== undefined,
            onFatal: (error) => failure.raise(error),
          },
        }),
    },
  ],
  exports: [LifecycleConsumerServer, IngestFailure],
})
export class IngestModule {}
