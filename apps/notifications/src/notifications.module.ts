import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule, OperationsModule } from '@tidings/access';
import { API_OPERATIONS, OpenApiModule } from '@tidings/openapi';
import { ENVIRONMENT, type Environment } from '@tidings/runtime';
import { NOTIFICATIONS_OPERATIONS } from './notifications.operations.js';
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

/** How events go out, in the roles that the environment gives: `match`, `deliver`, `api`. */
@Module({})
export class NotificationsModule {
  static forRoot({ roles }: Environment): DynamicModule {
    void roles;
    return {
      module: NotificationsModule,
      providers: [{ provide: API_OPERATIONS, useValue: NOTIFICATIONS_OPERATIONS }],
      imports: [AccessModule, OperationsModule, OpenApiModule, NotificationsDatabaseModule],
    };
  }
}
