import { Module } from '@nestjs/common';
import { ERROR_DIALECT } from '@tidings/runtime';
import { BrokerModule } from '../broker.module.js';
import { ConfigurationModule } from '../configuration/configuration.module.js';
import { DestinationActionController } from '../destinations/destination-action.controller.js';
import { DestinationController } from '../destinations/destination.controller.js';
import { DestinationRepository } from '../destinations/destination.repository.js';
import { DestinationService } from '../destinations/destination.service.js';
import { DestinationTest } from '../destinations/destination-test.js';
import { DestinationTestRepository } from '../destinations/destination-test.repository.js';
import { InstanceController } from '../instances/instance.controller.js';
import { InstanceService } from '../instances/instance.service.js';
import { NotificationController } from '../notifications/notification.controller.js';
import { NotificationService } from '../notifications/notification.service.js';
import { RecentNotifications } from '../notifications/recent-notifications.js';
import { NotificationStatusRepository } from '../notifications/notification-status.repository.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { SourceController } from '../sources/source.controller.js';
import { SourceRepository } from '../sources/source.repository.js';
import { SourceService } from '../sources/source.service.js';
import { SubscriptionController } from '../subscriptions/subscription.controller.js';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.js';
import { SubscriptionRelations } from '../subscriptions/subscription-relations.js';
import { SubscriptionService } from '../subscriptions/subscription.service.js';
import { TemplateController } from '../templates/template.controller.js';
import { TemplateRepository } from '../templates/template.repository.js';
import { TemplateService } from '../templates/template.service.js';
import { TopicController } from '../topics/topic.controller.js';
import { TopicRepository } from '../topics/topic.repository.js';
import { TopicService } from '../topics/topic.service.js';
import { DeliveryCancellation } from './delivery-cancellation.repository.js';
import { IBM_ERRORS } from './ibm-errors.js';
import { InstanceGateModule } from './instance-gate.module.js';

/** What admins configure by: IBM Event Notifications' API, and what its users miss. */
@Module({
  imports: [BrokerModule, ConfigurationModule, InstanceGateModule, NotificationsDatabaseModule, SecretsModule],
  controllers: [
    InstanceController,
    SourceController,
    TopicController,
    DestinationController,
    DestinationActionController,
    SubscriptionController,
    TemplateController,
    NotificationController,
  ],
  providers: [
    { provide: ERROR_DIALECT, useValue: IBM_ERRORS },
    DeliveryCancellation,
    InstanceService,
    SourceRepository,
    SourceService,
    TopicRepository,
    TopicService,
    DestinationRepository,
    DestinationService,
    DestinationTest,
    DestinationTestRepository,
    SubscriptionRepository,
    SubscriptionRelations,
    SubscriptionService,
    TemplateRepository,
    TemplateService,
    NotificationService,
    NotificationStatusRepository,
    RecentNotifications,
  ],
})
export class AdminApiModule {}
