import { Inject, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import { KafkaTransport, type RecordPublisher, type Transport } from '@tidings/transport';

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
      useFactory: ({ kafka }: Environment): Transport => {
        if (kafka.brokers === undefined) {
          throw new StartError('No Kafka is configured. Set KAFKA_BROKERS to host:port, or run the standalone app.');
        }
        const logger = new Logger('Kafka');
        return new KafkaTransport({
          brokers: kafka.brokers,
          clientId: 'tidings-notifications',
          ...(kafka.tls !== undefined && { tls: kafka.tls }),
          ...(kafka.sasl !== undefined && { sasl: kafka.sasl }),
          log: (level, message, fields) =>
            logger[level === 'info' ? 'log' : level](message, ...(fields ? [fields] : [])),
        });
      },
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
