import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EventSubscriber, SUBSCRIBING_OPTIONS } from './event-subscriber.js';
import { HandlerExplorer } from './handler-explorer.js';
import type { SubscribingOptions } from './subscribing-options.js';

/** Options that have to be made first, of what other modules provide. */
export interface SubscribingAsyncOptions {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...given: never[]) => SubscribingOptions | Promise<SubscribingOptions>;
}

/**
 * Consumes for every method of the application that is marked with `@OnEvent` or `@OnEvents`. Import it once; it starts
 * with the application and stops with `app.close()`, which `app.enableShutdownHooks()` calls on SIGTERM.
 */
@Module({})
export class TidingsSubscribingModule {
  static forRoot(options: SubscribingOptions): DynamicModule {
    return moduleWith({ useFactory: () => options });
  }

  static forRootAsync(options: SubscribingAsyncOptions): DynamicModule {
    return moduleWith(options);
  }
}

function moduleWith({ imports = [], inject = [], useFactory }: SubscribingAsyncOptions): DynamicModule {
  return {
    module: TidingsSubscribingModule,
    global: true,
    imports: [DiscoveryModule, ...imports],
    providers: [
      {
        provide: SUBSCRIBING_OPTIONS,
        inject,
        useFactory: useFactory as (...given: unknown[]) => SubscribingOptions | Promise<SubscribingOptions>,
      },
      HandlerExplorer,
      EventSubscriber,
    ],
    exports: [EventSubscriber],
  };
}
