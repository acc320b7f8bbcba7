import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access-guard.js';
import { AdminTokenStore, TokenStore } from './token-store.js';

/** Guards every route of the process. Import it once, in the root module. */
@Module({})
export class AccessModule {
  static forRoot({ adminToken }: { readonly adminToken: string }): DynamicModule {
    return {
      module: AccessModule,
      providers: [
        { provide: TokenStore, useValue: new AdminTokenStore(adminToken) },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
