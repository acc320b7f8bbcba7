import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import { AccessGuard } from './access-guard.js';
import { AdminTokenStore, TokenStore } from './token-store.js';

/** Guards every route of the process. Every app imports it; in one process they share it. */
@Module({
  providers: [
    {
      provide: TokenStore,
      inject: [ENVIRONMENT],
      useFactory: ({ adminToken }: Environment) => {
        if (adminToken === undefined) {
          throw new StartError('No admin token is configured. Set TIDINGS_ADMIN_TOKEN to a long random text.');
        }
        return new AdminTokenStore(adminToken);
      },
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AccessModule {}
