import { type DynamicModule, Module, Optional } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Readiness } from '@tidings/runtime';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { watchDatabase } from './database-probe.js';
import { DatabaseReader } from './database-reader.js';
import { createDataSource, type DataSourceSettings, poolOf } from './data-source.js';

/** What features registered with `TypeOrmModule.forFeature`. */
type DataSourceEntities = NonNullable<DataSourceSettings['entities']>;

export interface DatabaseModuleSettings extends DataSourceSettings {
  /** What a {@link DatabaseReader} gives up, milliseconds; default 15,000. */
  readonly queryTimeoutMs?: number;
}

const QUERY_TIMEOUT_MS = 15_000;

/**
 * Makes the app's `DataSource`, the `Pool` under it and a `DatabaseReader` of as many further connections injectable; all
 * are closed after the HTTP server.
 */
@Module({})
export class DatabaseModule {
  static forRoot({ queryTimeoutMs = QUERY_TIMEOUT_MS, ...settings }: DatabaseModuleSettings): DynamicModule {
    @Module({})
    class WatchedDatabaseModule extends DatabaseModule {
      constructor(@Optional() readiness?: Readiness) {
        super();
        if (readiness !== undefined) watchDatabase(readiness, settings.applicationName, settings);
      }
    }
    return {
      module: WatchedDatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          // createDataSource waits for the database itself, and knows when waiting is of no use.
          useFactory: () => ({ type: 'postgres', autoLoadEntities: true, toRetry: () => false }),
          dataSourceFactory: (options) =>
            createDataSource({
              ...settings,
              entities: [...(settings.entities ?? []), ...((options?.entities ?? []) as DataSourceEntities)],
            }),
        }),
      ],
      providers: [
        { provide: Pool, useFactory: (dataSource: DataSource) => poolOf(dataSource), inject: [DataSource] },
        {
          provide: DatabaseReader,
          // Behind the migrations, so that nothing is asked for before it is there.
          inject: [DataSource],
          useFactory: () => DatabaseReader.open({ ...settings, timeoutMs: queryTimeoutMs }),
        },
      ],
      exports: [Pool, DatabaseReader],
    };
  }
}
