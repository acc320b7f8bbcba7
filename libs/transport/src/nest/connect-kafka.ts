import { Logger } from '@nestjs/common';
import type { KafkaOptions } from '../kafka/kafka-options.js';
import { KafkaTransport } from '../kafka/kafka-transport.js';
import type { Transport } from '../port.js';

/** How a process reaches Kafka, as its environment says it. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly tls: KafkaOptions['tls'] | undefined;
  readonly sasl: KafkaOptions['sasl'] | undefined;
}

/**
 * A process's connection to Kafka, which speaks through the process's log.
 * @param clientId how the process shows itself in the broker's logs and quotas
 */
export function connectKafka({ brokers, tls, sasl }: KafkaAccess, clientId: string): Transport {
  const logger = new Logger('Kafka');
  return new KafkaTransport({
    brokers,
    clientId,
    ...(tls !== undefined && { tls }),
    ...(sasl !== undefined && { sasl }),
    log: (level, message, fields) => logger[level === 'info' ? 'log' : level](message, ...(fields ? [fields] : [])),
  });
}
