import {
  Injectable,
  Inject,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { OutboundGuard } from '@tidings/outbound';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import type { RecordPublisher } from '@tidings/transport';
import { BrokerModule, PUBLISHER } from '../broker.module.js';
import { CONFIGURATION, type ConfigurationSource } from '../configuration/configuration.js';
import { ConfigurationModule } from '../configuration/configuration.module.js';
import { CurrentMatcher } from '../matching/current-matcher.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { NotificationsDatabase } from '../notifications-database.store.js';
import { ReplayRepository } from '../replays/replay.repository.js';
import { ReplayRunner } from '../replays/replay-runner.js';
import { SecretBox } from '../secrets/secret-box.js';
import { StoredEventsModule } from '../stored-events/stored-events.module.js';
import { DestinationDisabling } from './destination-disabling.store.js';
import { OperatorNotices } from './operator-notices.js';
import { RunningDelivery } from './running-delivery.store.js';

/** Starts delivering when everything else is up, and stops before the database goes. */
@Injectable()
class DeliveryLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private running: RunningDelivery | undefined;

  constructor(
    private readonly database: NotificationsDatabase,
    @Inject(CONFIGURATION) private readonly configuration: ConfigurationSource,
    @Inject(PUBLISHER) private readonly publisher: RecordPublisher,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    const { notifications, kafka } = this.environment;
    if (notifications.secretKey === undefined) {
      throw new StartError(
        'No key for the secrets of destinations is configured. Set TIDINGS_SECRET_KEY to 32 bytes in base64, or run the standalone app.',
      );
    }
    const logger = new Logger('Delivery');
    const report = (message: string): void => logger.warn(message);
    this.running = new RunningDelivery({
      pool: this.database.pool,
      configuration: this.configuration,
      secretBox: new SecretBox(notifications.secretKey),
      outbound: new OutboundGuard(notifications.outboundAllow ?? []),
      notices: new OperatorNotices(
        new DestinationDisabling(this.database),
        this.publisher,
        catalogue,
        kafka.prefix,
        report,
      ),
      kafkaPrefix: kafka.prefix,
      keepDays: notifications.deliveryDays,
      report,
    });
    this.running.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running?.stop();
  }
}

/** How what was matched is delivered: the role `deliver`. */
@Module({
  imports: [NotificationsDatabaseModule, ConfigurationModule, BrokerModule, StoredEventsModule],
  providers: [DeliveryLifecycle, CurrentMatcher, ReplayRepository, ReplayRunner],
})
export class DeliveryModule {}
