import { Logger } from '@nestjs/common';
import { configuredBrokers, type KafkaSettings, parseKafkaSettings, StartError } from '@tidings/settings';
import { KafkaTransport, type KafkaOptions, type Transport } from '@tidings/transport';
import type { TidingsOptions } from './tidings-options.js';

const CLIENT_ID = 'tidings-publisher';

/** A way to Kafka, and what stands before the names of its kafkaTopics. */
export interface TidingsConnection {
  readonly transport: Transport;
  readonly prefix: string;
}

/**
 * The connection that a service's options and its environment describe. Nothing is dialled yet: the service starts whether
 * Kafka is there or not.
 * @throws {EnvironmentError} where a variable is wrong
 * @throws {StartError} where neither names a Kafka
 */
export function connectionOf(options: TidingsOptions): TidingsConnection {
  if (options.transport !== undefined) return { transport: options.transport, prefix: options.prefix ?? '' };
  const settings = parseKafkaSettings();
  const transport = new KafkaTransport(kafkaOptions(options, settings));
  return { transport, prefix: options.prefix ?? settings.prefix };
}

function kafkaOptions(options: TidingsOptions, settings: KafkaSettings): KafkaOptions {
  const logger = new Logger('Tidings');
  const tls = options.tls ?? settings.tls;
  const sasl = options.sasl ?? settings.sasl;
  return {
    brokers: brokersOf(options, settings),
    clientId: options.clientId ?? CLIENT_ID,
    ...(tls !== undefined && { tls }),
    ...(sasl !== undefined && { sasl }),
    log: (level, message, fields) => {
      // The client's own messages are for those who look for its mistakes; a service's log is not the place.
      if (level !== 'debug') logger[level === 'info' ? 'log' : level](message, ...(fields ? [fields] : []));
    },
  };
}

function brokersOf({ brokers }: TidingsOptions, settings: KafkaSettings): readonly string[] {
  if (brokers === undefined) return configuredBrokers(settings);
  try {
    // Read as the variable of the same meaning is.
    return configuredBrokers(parseKafkaSettings({ KAFKA_BROKERS: [brokers].flat().join() }));
  } catch (error) {
    throw new StartError("TidingsModule: brokers has to name Kafka as host:port, for example 'kafka-1:9092'", {
      cause: error,
    });
  }
}
