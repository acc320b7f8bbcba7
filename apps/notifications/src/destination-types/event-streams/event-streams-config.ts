import type { JsonObject } from '@tidings/catalogue';
import type { ReadConfig } from '../destination-type.js';
import { keepingSecrets, masked, PLAIN_TEXT, present } from '../member-reader.js';

const MEMBERS = ['endpoint', 'topic', 'crn', 'tls', 'sasl_mechanism', 'username', 'password'] as const;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const BROKERS = {
  pattern: /^[A-Za-z0-9._[\]:-]+:\d{1,5}(\s*,\s*[A-Za-z0-9._[\]:-]+:\d{1,5})*$/,
  must: 'the brokers as host:port,host:port, such as kafka.example.com:9093, without https:// before them',
};
const TOPIC = {
  pattern: /^(?!\.\.?$)[A-Za-z0-9._-]{1,249}$/,
  must: 'a topic’s name: letters, digits, dots, underscores and hyphens',
};

/** Where the password goes, and how safely. */
const ADDRESS = ['endpoint', 'tls', 'sasl_mechanism'] as const;
/** What is wrong with a kafkaTopic of {@link isOwnKafkaTopic}. */
export const OWN_KAFKA_TOPIC = 'is one of those that Tidings or Kafka itself lives on; choose another name';

/**
 * Whether a name is one of Tidings' own, or Kafka's: written to directly, everything that guards them would be gone
 * around. Judged by the name alone, for a cluster has many addresses.
 * @param kafkaPrefix before all of the names of Tidings' own
 */
export function isOwnKafkaTopic(name: string, kafkaPrefix: string): boolean {
  return ['__', `${kafkaPrefix}lifecycle.`, `${kafkaPrefix}tidings.`].some((start) => name.startsWith(start));
}

/** What a Kafka destination's configuration has, beside the password. */
export interface EventStreamsConfig {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  readonly sasl: { readonly mechanism: (typeof MECHANISMS)[number]; readonly username: string } | undefined;
}

/** @throws {DomainError} `invalid_query` naming the field */
export function readEventStreamsConfig(params: unknown, former?: ReadConfig, kafkaPrefix = ''): ReadConfig {
  const reader = keepingSecrets(params, MEMBERS, former, ADDRESS);
  const { username, password } = reader.credentials();
  const mechanism = reader.choice('sasl_mechanism', MECHANISMS);
  if (username !== undefined && (mechanism ?? 'plain') === 'plain' && reader.flag('tls') !== true) {
    reader.wrong(
      'sasl_mechanism',
      'must not be plain without TLS, for the password would travel in clear; set tls to true, or use scram-sha-256',
    );
  }
  const topic = reader.requiredText('topic', TOPIC);
  if (isOwnKafkaTopic(topic, kafkaPrefix)) reader.wrong('topic', OWN_KAFKA_TOPIC);
  const config = present({
    endpoint: reader.requiredText('endpoint', BROKERS),
    topic,
    crn: reader.text('crn', PLAIN_TEXT),
    tls: reader.flag('tls'),
    sasl_mechanism: mechanism,
    username,
  });
  reader.end();
  return { config, secrets: password === undefined ? undefined : { password } };
}

export function viewEventStreamsConfig({ config, secrets }: ReadConfig): JsonObject {
  return present({ ...config, password: masked(secrets?.['password']) });
}

/** @param config as {@link readEventStreamsConfig} gave it */
export function eventStreamsConfigOf(config: JsonObject): EventStreamsConfig {
  const { endpoint, topic, tls, sasl_mechanism: mechanism, username } = config;
  return {
    brokers: String(endpoint)
      .split(',')
      .map((broker) => broker.trim()),
    topic: String(topic),
    tls: tls === true,
    sasl:
      typeof username === 'string'
        ? { mechanism: MECHANISMS.find((one) => one === mechanism) ?? 'plain', username }
        : undefined,
  };
}
