import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Catalogue, catalogue, systems as tidingsSystems } from '@tidings/catalogue';
import { Publisher } from '../publisher.js';
import { connectionOf, type TidingsConnection } from './tidings-connection.js';
import type { TidingsOptions } from './tidings-options.js';

/** The injection token of the {@link TidingsConnection}. */
export const TIDINGS_CONNECTION = Symbol('TidingsConnection');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<TidingsOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build();

/**
 * Puts a service on the bus: `imports: [TidingsModule.forRoot()]`, and every provider can have a {@link Publisher}. What was
 * published before a shutdown is sent before the connection goes; the application has to be closed for that, or to listen
 * for signals (`app.enableShutdownHooks()`).
 */
@Module({
  providers: [
    {
      provide: TIDINGS_CONNECTION,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: connectionOf,
    },
    {
      provide: Publisher,
      inject: [TIDINGS_CONNECTION, MODULE_OPTIONS_TOKEN],
      useFactory: publisherOf,
    },
  ],
  exports: [Publisher, TIDINGS_CONNECTION],
})
export class TidingsModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(@Inject(TIDINGS_CONNECTION) private readonly connection: TidingsConnection) {
    super();
  }

  /** @param options over the environment's; `isGlobal` false lets only importers have the publisher */
  static override forRoot(options: TidingsOptions & { readonly isGlobal?: boolean } = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** The same with options that other providers have: `{ imports, inject, useFactory }`, `useClass` or `useExisting`. */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<TidingsOptions> & { readonly isGlobal?: boolean },
  ): DynamicModule {
    return super.forRootAsync(options);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.transport.close();
  }
}

async function publisherOf({ transport, prefix }: TidingsConnection, options: TidingsOptions): Promise<Publisher> {
  const { origin, deadlineMs, maxEventBytes, systems = [] } = options;
  return new Publisher({
    publisher: await transport.createPublisher(),
    prefix,
    catalogue: systems.length === 0 ? catalogue : new Catalogue([...tidingsSystems, ...systems]),
    ...(origin !== undefined && { origin }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(maxEventBytes !== undefined && { maxEventBytes }),
  });
}
