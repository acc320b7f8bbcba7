import { brokerList, kafkaPrefix, oneOf, pemFile, text, wholeNumber, yesOrNo } from './validators.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** How Kafka is reached, and how kafkaTopics are made there. */
export const KAFKA_VARIABLES = {
  KAFKA_BROKERS: brokerList({
    default: undefined,
    desc: 'Kafka to use, host:port,host:port. Without it, the standalone app starts its own.',
  }),
  KAFKA_TLS: yesOrNo({ default: undefined, desc: 'Use TLS with Kafka: true or false.' }),
  KAFKA_TLS_CA_FILE: pemFile({ default: undefined, desc: 'CA certificates to verify the brokers with, a PEM file.' }),
  KAFKA_TLS_CERT_FILE: pemFile({ default: undefined, desc: 'Client certificate for the brokers, a PEM file.' }),
  KAFKA_TLS_KEY_FILE: pemFile({ default: undefined, desc: 'Key of the client certificate, a PEM file.' }),
  KAFKA_SASL_MECHANISM: oneOf(SASL_MECHANISMS)({
    default: undefined,
    desc: `SASL mechanism: ${SASL_MECHANISMS.join(', ')}.`,
  }),
  KAFKA_SASL_USERNAME: text({ default: undefined, desc: 'SASL user.' }),
  KAFKA_SASL_PASSWORD: text({ default: undefined, desc: 'SASL password.' }),
  TIDINGS_PREFIX: kafkaPrefix({ default: undefined, desc: 'Prefix of every topic and consumer group.' }),
  KAFKA_PARTITIONS: wholeNumber(
    1,
    10_000,
  )({ default: undefined, desc: 'Partitions of a new topic. Defaults to 6, or 2 on the embedded Kafka.' }),
  KAFKA_REPLICATION: wholeNumber(
    1,
    100,
  )({ default: undefined, desc: "Replicas of a new topic. Defaults to the broker's setting." }),
  KAFKA_RETENTION_HOURS: wholeNumber(
    1,
    87_600,
  )({ default: 168, desc: 'How long a new topic keeps its messages, in hours.' }),
};
