import {
  type DynamicModule,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Catalogue, catalogue } from '@tidings/catalogue';
import {
  configuredBrokers,
  ENVIRONMENT,
  type Environment,
  Readiness,
  type ReadinessFinding,
  StartError,
} from '@tidings/runtime';
import {
  connectKafka,
  lifecycleTopics,
  topicWarnings,
  TransportError,
  type RecordPublisher,
  type Transport,
} from '@tidings/transport';

/** The injection token of the app's {@link Transport}. */
export const TRANSPORT = Symbol('Transport');
/** The injection token of the app's {@link RecordPublisher}. */
export const PUBLISHER = Symbol('RecordPublisher');

/** Shorter than what a readiness check may take, so that the reason is this one. */
const PING_DEADLINE_MS = 1_500;

/** Checks or makes the kafkaTopics before anything is taken in, says whether Kafka answers, and closes the connection. */
@Injectable()
class BrokerConnection implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Kafka');

  constructor(
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.register('gateway', () => this.check());
  }

  async onApplicationBootstrap(): Promise<void> {
    const { kafka, maxEventBytes } = this.environment;
    try {
      const report = await this.transport.ensureTopics(lifecycleTopics(catalogue, { ...kafka, maxEventBytes }));
      for (const warning of topicWarnings(report.findings)) this.logger.warn(warning);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw new StartError(`Kafka cannot be used: ${error.message}. Check KAFKA_BROKERS.`, { cause: error });
    }
  }

  /** After HTTP: what is queued is sent, then the connections go. */
  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }

  private async check(): Promise<ReadinessFinding> {
    try {
      await this.transport.ping(PING_DEADLINE_MS);
      return { up: true };
    } catch (error) {
      if (error instanceof TransportError) return { up: false, reason: 'Kafka does not answer' };
      throw error;
    }
  }
}

/** The gateway's connection to Kafka. */
@Module({})
export class BrokerModule {
  /** @param transport instead of a connection of its own, as the environment describes it */
  static forRoot(transport?: Transport): DynamicModule {
    return {
      module: BrokerModule,
      providers: [
        BrokerConnection,
        { provide: Catalogue, useValue: catalogue },
        {
          provide: TRANSPORT,
          inject: [ENVIRONMENT],
          useFactory: ({ kafka }: Environment): Transport =>
            transport ?? connectKafka({ ...kafka, brokers: configuredBrokers(kafka) }, 'tidings-gateway'),
        },
        {
          provide: PUBLISHER,
          inject: [TRANSPORT],
          useFactory: (own: Transport): Promise<RecordPublisher> => own.createPublisher(),
        },
      ],
      exports: [PUBLISHER, Catalogue],
    };
  }
}
