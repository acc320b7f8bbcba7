import type { SystemDefinition } from '@tidings/catalogue';
import type { KafkaOptions, Transport } from '@tidings/transport';
import type { EventOrigin } from '../event-about.js';

/** How a service publishes. Everything has a default. */
export interface TidingsOptions {
  /** `host:port`, or a list with commas; default `KAFKA_BROKERS`. */
  readonly brokers?: string | readonly string[];
  /** Before the names of kafkaTopics, as the servers are configured; default `TIDINGS_PREFIX`. */
  readonly prefix?: string;
  /** `ca`, `cert` and `key` are PEM texts; default as `KAFKA_TLS` and its like say. */
  readonly tls?: NonNullable<KafkaOptions['tls']>;
  /** Default as `KAFKA_SASL_MECHANISM` and its like say. */
  readonly sasl?: NonNullable<KafkaOptions['sasl']>;
  /** How the service shows itself in the broker's logs and quotas; default `tidings-publisher`. */
  readonly clientId?: string;
  /** Whose events these are, where a call does not say: a `source`, or the `site` of the type's system. */
  readonly origin?: EventOrigin;
  /** How long a call may take before it rejects as retriable, milliseconds; default 10,000. */
  readonly deadlineMs?: number;
  /** The largest payload, bytes of JSON; default 1 MiB. */
  readonly maxEventBytes?: number;
  /** The team's own systems, beside those of Tidings. Their types are published like those. */
  readonly systems?: readonly SystemDefinition[];
  /** Instead of a connection of its own; it is closed with the application all the same. */
  readonly transport?: Transport;
}
