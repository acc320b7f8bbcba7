import { configuredBrokers, parseKafkaSettings, type KafkaSettings } from '@tidings/settings';
import { KafkaTransport, type Transport, type TransportLog } from '@tidings/transport';
import { SubscribingError } from './subscribing-error.js';
import type { SubscribingOptions } from './subscribing-options.js';

/** A way to Kafka, and what stands before the names of its kafkaTopics. */
export interface ConsumerConnection {
  readonly transport: Transport;
  readonly prefix: string;
}

/**
 * The connection that a service's options and its environment describe. Nothing is dialled yet.
 * @throws {EnvironmentError} where a variable is wrong
 * @throws {StartError} where neither names a Kafka
 * @throws {SubscribingError} INVALID_OPTION where the brokers cannot be read
 */
export function connectionOf(options: SubscribingOptions, log: TransportLog): ConsumerConnection {
  if (options.transport !== undefined) return { transport: options.transport, prefix: options.prefix ?? '' };
  const settings = parseKafkaSettings();
  const tls = options.tls ?? settings.tls;
  const sasl = options.sasl ?? settings.sasl;
  const transport = new KafkaTransport({
    brokers: brokersOf(options, settings),
    clientId: options.clientId ?? options.group,
    ...(tls !== undefined && { tls }),
    ...(sasl !== undefined && { sasl }),
    log,
  });
  return { transport, prefix: options.prefix ?? settings.prefix };
}

function brokersOf({ brokers }: SubscribingOptions, settings: KafkaSettings): readonly string[] {
  if (brokers === undefined) return configuredBrokers(settings);
  try {
    // Read as the variable of the same meaning is.
    return configuredBrokers(parseKafkaSettings({ KAFKA_BROKERS: [brokers].flat().join() }));
  } catch {
    throw new SubscribingError(
      'INVALID_OPTION',
      "brokers must be host:port, as in 'kafka-1:9092'; several with commas",
    );
  }
}
