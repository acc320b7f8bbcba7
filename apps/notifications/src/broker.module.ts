import { Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { configuredBrokers, ENVIRONMENT, type Environment } from '@tidings/runtime';
import { connectKafka, type RecordPublisher, type Transport } from '@tidings/transport';

/** The injection token of the app's {@link Transport}. */
export const TRANSPORT = Symbol('Transport');
/** The injection token of the app's {@link RecordPublisher}. */
export const PUBLISHER = Symbol('RecordPublisher');

@Injectable()
class BrokerShutdown implements OnApplicationShutdown {
  constructor(@Inject(TRANSPORT) private readonly transport: Transport) {}

  /** After HTTP and the consumers: what is queued is sent, then the connections go. */
  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}

/** The notification app's connection to Kafka. */
@Module({
  providers: [
    BrokerShutdown,
    {
      provide: TRANSPORT,
      inject: [ENVIRONMENT],
      useFactory: ({ kafka }: Environment): Transport =>
        connectKafka({ ...kafka, brokers: configuredBrokers(kafka) }, 'tidings-notifications'),
    },
    {
      provide: PUBLISHER,
      inject: [TRANSPORT],
      useFactory: (transport: Transport): Promise<RecordPublisher> => transport.createPublisher(),
    },
  ],
  exports: [TRANSPORT, PUBLISHER],
})
export class BrokerModule {}
