import { type INestApplication, Logger, Module } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import { BrokerModule } from '../broker.module.js';
import { ConfigurationModule } from '../configuration/configuration.module.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { BatchMatcher } from './batch-matcher.js';
import { CurrentMatcher } from './current-matcher.js';
import { JointLoadStore } from './joint-load-store.js';
import { MatchableEventReader } from './matchable-event.js';
import { MatchedEventRepository } from './matched-event.repository.js';
import { MatchingConsumer } from './matching-consumer.js';
import { MatchingState } from './matching-state.js';

const logger = new Logger('Matching');

/** The role `match`: from the kafkaTopics into deliveries. */
@Module({
  imports: [BrokerModule, ConfigurationModule, NotificationsDatabaseModule],
  providers: [
    CurrentMatcher,
    MatchedEventRepository,
    MatchingConsumer,
    { provide: MatchingState, useFactory: () => new MatchingState((message) => logger.warn(message)) },
    {
      provide: BatchMatcher,
      inject: [ENVIRONMENT, CurrentMatcher, MatchedEventRepository, MatchingState],
      useFactory: (
        { kafka, maxEventBytes }: Environment,
        current: CurrentMatcher,
        repository: MatchedEventRepository,
        state: MatchingState,
      ) =>
        new BatchMatcher(
          new MatchableEventReader(catalogue, { prefix: kafka.prefix, maxEventBytes }),
          () => current.matcher(),
          new JointLoadStore(repository),
          state,
          (message) => logger.error(message),
        ),
    },
  ],
})
export class MatchingModule {}

/**
 * Starts matching in an initialised application whose `NotificationsModule` has the role `match`.
 * @param onFailure called when matching cannot go on: the process should end
 */
export async function startMatching(app: INestApplication, onFailure: (error: Error) => void): Promise<void> {
  await app.get(MatchingConsumer, { strict: false }).start(onFailure);
}
