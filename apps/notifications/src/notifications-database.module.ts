import { Module } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import { NotificationsDatabase } from './notifications-database.store.js';

/** What all roles share. */
@Module({
  providers: [
    {
      provide: NotificationsDatabase,
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => NotificationsDatabase.open(environment),
    },
  ],
  exports: [NotificationsDatabase],
})
export class NotificationsDatabaseModule {}
