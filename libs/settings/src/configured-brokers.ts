import type { KafkaSettings } from './kafka-settings.js';
import { StartError } from './start-errors.js';

/** The brokers to connect to. @throws {StartError} where none is configured */
export function configuredBrokers({ brokers }: Pick<KafkaSettings, 'brokers'>): readonly string[] {
  if (brokers !== undefined) return brokers;
  throw new StartError('No Kafka is configured. Set KAFKA_BROKERS to host:port, or run the standalone app.');
}
