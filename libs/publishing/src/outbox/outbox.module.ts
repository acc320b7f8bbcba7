import {
  ConfigurableModuleBuilder,
  Inject,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { TidingsConnection } from '../nest/tidings-connection.js';
import { TIDINGS_CONNECTION } from '../nest/tidings.module.js';
import { Publisher } from '../publisher.js';
import { OutboxPublisher, type OutboxOptions } from './outbox-publisher.js';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';

/** An outbox of a Nest service. The connection to Kafka and the event types are those of `TidingsModule`. */
export interface OutboxModuleOptions
  extends Pick<OutboxOptions, 'schema' | 'table' | 'origin' | 'maxEventBytes'>, Pick<OutboxRelayOptions, 'pollMs'> {
  /** Where the outbox is; the relay has a connection of its own. */
  readonly database: OutboxRelayOptions['database'];
  /** False leaves the relay to other processes; default true. */
  readonly relays?: boolean;
}

const configurable = new ConfigurableModuleBuilder<OutboxModuleOptions>().setClassMethodName('forRoot').build();
const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = configurable;

/**
 * Gives a service an {@link OutboxPublisher} and runs an {@link OutboxRelay}, beside `TidingsModule`:
 * `imports: [TidingsModule.forRoot(), TidingsOutboxModule.forRoot({ database: { connectionString } })]`.
 */
@Module({
  providers: [
    {
      provide: OutboxPublisher,
      inject: [Publisher, MODULE_OPTIONS_TOKEN],
      useFactory: ({ catalogue }: Publisher, options: OutboxModuleOptions) =>
        new OutboxPublisher({ ...options, catalogue }),
    },
    {
      provide: OutboxRelay,
      inject: [TIDINGS_CONNECTION, MODULE_OPTIONS_TOKEN],
      useFactory: async ({ transport, prefix }: TidingsConnection, options: OutboxModuleOptions) => {
        const logger = new Logger('Outbox');
        return new OutboxRelay({
          ...options,
          prefix,
          publisher: await transport.createPublisher(),
          log: (level, message) => logger[level === 'info' ? 'log' : level](message),
        });
      },
    },
  ],
  exports: [OutboxPublisher, OutboxRelay],
})
export class TidingsOutboxModule
  extends ConfigurableModuleClass
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  constructor(
    private readonly relay: OutboxRelay,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: OutboxModuleOptions,
  ) {
    super();
  }

  static override forRoot(options: OutboxModuleOptions): DynamicModule {
    return super.forRoot(options);
  }

  /** The same with options that other providers have: `{ imports, inject, useFactory }`, `useClass` or `useExisting`. */
  static override forRootAsync(options: typeof configurable.ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }

  onApplicationBootstrap(): void {
    if (this.options.relays !== false) this.relay.start();
  }

  /** Before the connection to Kafka goes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }
}
