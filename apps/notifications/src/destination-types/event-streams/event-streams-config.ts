import type { JsonObject } from '@tidings/catalogue';
import type { ReadConfig } from '../destination-type.js';
import { masked, MemberReader, PLAIN_TEXT, present } from '../member-reader.js';

const MEMBERS = ['endpoint', 'topic', 'crn', 'tls', 'sasl_mechanism', 'username', 'password'] as const;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const BROKERS = {
  pattern: /^[A-Za-z0-9._[\]:-]+:\d{1,5}(\s*,\s*[A-Za-z0-9._[\]:-]+:\d{1,5})*$/,
  must: 'the brokers, host:port,host:port',
};
const TOPIC = {
  pattern: /^(?!\.\.?$)[A-Za-z0-9._-]{1,249}$/,
  must: 'a topic’s name: letters, digits, dots, underscores and hyphens',
};

/** What a Kafka destination's configuration has, beside the password. */
export interface EventStreamsConfig {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
  readonly sasl: { readonly mechanism: (typeof MECHANISMS)[number]; readonly username: string } | undefined;
}

/** @throws {DomainError} `invalid_query` naming the field */
export function readEventStreamsConfig(params: unknown, former?: ReadConfig): ReadConfig {
  const reader = new MemberReader(params, 'config.params', MEMBERS, { ...former?.config, ...former?.secrets });
  const { username, password } = reader.credentials();
  const config = present({
    endpoint: reader.requiredText('endpoint', BROKERS),
    topic: reader.requiredText('topic', TOPIC),
    crn: reader.text('crn', PLAIN_TEXT),
    tls: reader.flag('tls'),
    sasl_mechanism: reader.choice('sasl_mechanism', MECHANISMS),
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
