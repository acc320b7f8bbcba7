import { Inject, Logger, Module, type OnModuleDestroy } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import { AccessDatabase } from './access-database.store.js';
import { AccessGuard } from './access-guard.js';
import { AuditRepository } from './audit/audit.repository.js';
import { LoginCodeRepository } from './sessions/login-code.repository.js';
import { LoginTries } from './sessions/login-tries.js';
import { SessionService } from './sessions/session.service.js';
import { CachedTokenStore } from './tokens/cached-token-store.js';
import { SecretRepository } from './tokens/secret.repository.js';
import { TokenRepository } from './tokens/token.repository.js';
import { TokenService } from './tokens/token.service.js';
import { AdminTokenStore, TokenStore } from './token-store.js';

/**
 * Guards every route of the process. Every app imports it; in one process they share it, with its connections. Without a
 * database only the admin token is known.
 */
@Module({
  providers: [
    {
      provide: AccessDatabase,
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => AccessDatabase.open(environment),
    },
    SecretRepository,
    TokenRepository,
    TokenService,
    LoginCodeRepository,
    LoginTries,
    SessionService,
    AuditRepository,
    {
      provide: TokenStore,
      inject: [ENVIRONMENT, AccessDatabase, SecretRepository],
      useFactory: ({ adminToken }: Environment, database: AccessDatabase, secrets: SecretRepository) => {
        if (adminToken === undefined) {
          throw new StartError(
            'No admin token is configured. Set TIDINGS_ADMIN_TOKEN to a random text of at least 32 characters.',
          );
        }
        const admin = new AdminTokenStore(adminToken);
        if (database.isConfigured) return new CachedTokenStore(admin, secrets);
        new Logger('Access').log('No database is configured: the admin token is the only one that is known');
        return admin;
      },
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [TokenStore, TokenService, SessionService, AuditRepository],
})
export class AccessModule implements OnModuleDestroy {
  constructor(@Inject(TokenStore) private readonly tokens: TokenStore) {}

  onModuleDestroy(): void {
    if (this.tokens instanceof CachedTokenStore) this.tokens.close();
  }
}
