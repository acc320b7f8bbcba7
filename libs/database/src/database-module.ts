import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource, type DataSourceSettings, poolOf } from './data-source.js';

/** What features registered with `TypeOrmModule.forFeature`. */
type DataSourceEntities = NonNullable<DataSourceSettings['entities']>;

/** Makes the app's `DataSource` and the `Pool` under it injectable; both are closed after the HTTP server. */
@Module({})
export class DatabaseModule {
  static forRoot(settings: DataSourceSettings): DynamicModule {
    return {
      module: DatabaseModule,
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
      providers: [{ provide: Pool, useFactory: (dataSource: DataSource) => poolOf(dataSource), inject: [DataSource] }],
      exports: [Pool],
    };
  }
}
