import { brokerList, kafkaPrefix, oneOf, pemFile, text, wholeNumber, yesOrNo } from './validators.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** How Kafka is reached, and how kafkaTopics are made there. */
export const KAFKA_VARIABLES = {
  KAFKA_BROKERS: brokerList({
    default: undefined,
    desc: 'The Kafka to use, host:port,host:port; without it, the standalone app brings its own.',
  }),
  KAFKA_TLS: yesOrNo({ default: undefined, desc: 'Speak TLS with Kafka: true or false.' }),
  KAFKA_TLS_CA_FILE: pemFile({ default: undefined, desc: 'The authority that signed the brokers, a PEM file.' }),
  KAFKA_TLS_CERT_FILE: pemFile({ default: undefined, desc: 'The certificate to show to the brokers, a PEM file.' }),
  KAFKA_TLS_KEY_FILE: pemFile({ default: undefined, desc: 'The key of that certificate, a PEM file.' }),
  KAFKA_SASL_MECHANISM: oneOf(SASL_MECHANISMS)({
    default: undefined,
    desc: `How to log in to Kafka: ${SASL_MECHANISMS.join(', ')}.`,
  }),
  KAFKA_SASL_USERNAME: text({ default: undefined, desc: 'The user to log in to Kafka as.' }),
  KAFKA_SASL_PASSWORD: text({ default: undefined, desc: 'The password of that user.' }),
  TIDINGS_PREFIX: kafkaPrefix({ default: undefined, desc: 'Put before the name of every topic and consumer group.' }),
  KAFKA_PARTITIONS: wholeNumber(
    1,
    10_000,
  )({ default: undefined, desc: 'Partitions of a new topic; without it 6, or 2 on the embedded Kafka.' }),
  KAFKA_REPLICATION: wholeNumber(
    1,
    100,
  )({ default: undefined, desc: "Replicas of a new topic; without it the broker's own default." }),
  KAFKA_RETENTION_HOURS: wholeNumber(
    1,
    87_600,
  )({ default: 168, desc: 'How long a new topic keeps its messages, in hours.' }),
};
