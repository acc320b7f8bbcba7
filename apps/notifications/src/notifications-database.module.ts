import { Module } from '@nestjs/common';
import { ENVIRONMENT, type Environment, Readiness } from '@tidings/runtime';
import { NotificationsDatabase } from './notifications-database.store.js';

/** What all roles share. */
@Module({
  providers: [
    {
      provide: NotificationsDatabase,
      inject: [ENVIRONMENT, { token: Readiness, optional: true }],
      useFactory: async (environment: Environment, readiness?: Readiness) => {
        const database = await NotificationsDatabase.open(environment);
        if (readiness !== undefined) database.watch(readiness, environment);
        return database;
      },
    },
  ],
  exports: [NotificationsDatabase],
})
export class NotificationsDatabaseModule {}
