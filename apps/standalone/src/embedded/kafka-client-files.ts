import type { KafkaLogin } from './kafka-properties.js';

/** The embedded Kafka as variables, which our own libraries and examples read: for shells and `node --env-file`. */
export const KAFKA_VARIABLES_FILE = 'kafka.env';
/** The same for programs on librdkafka: `kcat -F`. */
export const KAFKA_PROPERTIES_FILE = 'kafka-client.conf';

/** What other programs need to be clients of the embedded Kafka, by the names of the files that hold it. */
export function clientFiles(brokers: readonly string[], login: KafkaLogin | undefined): readonly [string, string][] {
  const servers = brokers.join();
  const variables: Readonly<Record<string, string>> =
    login === undefined
      ? {}
      : {
          KAFKA_SASL_MECHANISM: 'plain',
          KAFKA_SASL_USERNAME: login.username,
          KAFKA_SASL_PASSWORD: login.password,
        };
  const properties: Readonly<Record<string, string>> =
    login === undefined
      ? {}
      : {
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': 'PLAIN',
          'sasl.username': login.username,
          'sasl.password': login.password,
        };
  return [
    [KAFKA_VARIABLES_FILE, assignments({ KAFKA_BROKERS: servers, ...variables })],
    [KAFKA_PROPERTIES_FILE, assignments({ 'bootstrap.servers': servers, ...properties })],
  ];
}

function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
