import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { AccessModule, OperationsModule } from '@tidings/access';
import { DatabaseModule } from '@tidings/database';
import { OpenApiModule } from '@tidings/openapi';
import { type Environment, StartError } from '@tidings/runtime';
import { LifecycleConsumerServer } from '@tidings/transport';
import { AsyncApiModule } from './asyncapi/asyncapi.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { ConsoleModule } from './console/console.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { ExportModule } from './export/export.module.js';
import { IngestFailure } from './ingest/ingest-failure.js';
import { IngestModule } from './ingest/ingest.module.js';
import { LiveModule } from './live/live.module.js';
import { LxdModule } from './lxd/lxd.module.js';
import { CreateStore1700000000000 } from './migrations/1700000000000-create-store.js';
import { AddSearchText1700000001000 } from './migrations/1700000001000-add-search-text.js';
import { CreateSetting1700000002000 } from './migrations/1700000002000-create-setting.js';
import { CreateRollups1700000003000 } from './migrations/1700000003000-create-rollups.js';
import { AddQueryIndexes1700000004000 } from './migrations/1700000004000-add-query-indexes.js';
import { ExtendDeadLetters1700000005000 } from './migrations/1700000005000-extend-dead-letters.js';
import { AddByteBounds1700000006000 } from './migrations/1700000006000-add-byte-bounds.js';
import { QueryModule } from './query/query.module.js';
import { HistogramModule } from './rollups/histogram.module.js';
import { SchemasModule } from './schemas/schemas.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TokensModule } from './tokens/tokens.module.js';

/** The schema that this app owns. */
export const EVENTS_SCHEMA = 'events';

/** Every migration of the store, oldest first. */
export const EVENTS_MIGRATIONS = [
  CreateStore1700000000000,
  AddSearchText1700000001000,
  CreateSetting1700000002000,
  CreateRollups1700000003000,
  AddQueryIndexes1700000004000,
  ExtendDeadLetters1700000005000,
  AddByteBounds1700000006000,
] as const;

/** How events are kept and queried, in the roles that the environment gives: `ingest`, `api`, or both. */
@Module({})
export class EventsModule {
  static forRoot({ database, roles, console: consoleSettings }: Environment): DynamicModule {
    if (database.url === undefined) {
      throw new StartError('No database is configured. Set DATABASE_URL to postgres://…, or run the standalone app.');
    }
    return {
      module: EventsModule,
      imports: [
        AccessModule,
        OperationsModule,
        OpenApiModule,
        DatabaseModule.forRoot({
          url: database.url,
          ...(database.tls !== undefined && { tls: database.tls }),
          poolSize: database.poolSize,
          queryTimeoutMs: database.queryTimeoutMs,
          applicationName: 'tidings-events',
          schema: EVENTS_SCHEMA,
          migrations: EVENTS_MIGRATIONS,
        }),
        ...(roles.includes('ingest') ? [IngestModule] : []),
        ...(roles.includes('api')
          ? [
              LxdModule,
              QueryModule,
              HistogramModule,
              LiveModule,
              ExportModule,
              CatalogueModule,
              SchemasModule,
              AsyncApiModule,
              DeadLettersModule,
              TokensModule,
              SessionsModule,
              ...(consoleSettings.enabled ? [ConsoleModule] : []),
            ]
          : []),
      ],
    };
  }
}

/**
 * Starts the consumers of an initialised application whose {@link EventsModule} has the role `ingest`.
 * @param onFailure called when the ingest cannot go on: the process should end
 */
export async function startIngest(app: INestApplication, onFailure: (error: Error) => void): Promise<void> {
  const server = app.get(LifecycleConsumerServer, { strict: false });
  app.get(IngestFailure, { strict: false }).onRaise(onFailure);
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
}
