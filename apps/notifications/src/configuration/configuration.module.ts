import { Module } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { NotificationsDatabase } from '../notifications-database.store.js';
import { NotificationsDatabaseModule } from '../notifications-database.module.js';
import { CONFIGURATION } from './configuration.js';
import { ConfigurationChanges } from './configuration-changes.store.js';
import { ConfigurationStore } from './configuration.store.js';
import { ConfigurationWatch } from './configuration-watch.js';
import { seedConfiguration } from './seeding.store.js';

/** What admins have configured, for every role of the app. */
@Module({
  imports: [NotificationsDatabaseModule],
  providers: [
    ConfigurationStore,
    {
      provide: CONFIGURATION,
      inject: [NotificationsDatabase, ConfigurationStore],
      useFactory: async (database: NotificationsDatabase, store: ConfigurationStore) => {
        await seedConfiguration(database, catalogue);
        return ConfigurationWatch.start(store);
      },
    },
    ConfigurationChanges,
  ],
  exports: [CONFIGURATION, ConfigurationChanges],
})
export class ConfigurationModule {}
