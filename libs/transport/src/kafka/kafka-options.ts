import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TransportLog } from '../log.js';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Where a connection is to lead. */
export interface KafkaAddress {
  readonly host: string;
  readonly port: number;
  /** Undefined: without TLS. */
  readonly tls: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

/** How to reach a Kafka cluster. */
export interface KafkaOptions {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  /** How this process shows itself in the broker's logs and quotas. */
  readonly clientId: string;
  /** true trusts the machine's authorities; `ca`, `cert` and `key` are PEM texts. */
  readonly tls?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
  /** Opens every connection, also those to addresses that brokers name; a plain one unless given. */
  readonly dial?: (address: KafkaAddress) => Socket;
  /** Told what happens, kafkajs's own messages included; silent unless given. */
  readonly log?: TransportLog;
}

/** Timing of the client, milliseconds. Measured values and their reasons; kafkajs's own defaults are several times longer. */
export const KAFKA_TIMING = {
  connectionTimeoutMs: 3_000,
  /** Its default of 30 s is how long a restarted broker would stay unnoticed. */
  requestTimeoutMs: 5_000,
  /** A fetch that waits longer makes every stop wait for it. */
  fetchWaitMs: 200,
  /** A dead member's partitions go to the others after this long. */
  sessionTimeoutMs: 8_000,
  heartbeatEveryMs: 2_000,
  /** How long the group waits for a busy member to join again; it is told by its next heartbeat. */
  rebalanceTimeoutMs: 30_000,
  /** New partitions of a known kafkaTopic are seen within this time. */
  metadataMaxAgeMs: 30_000,
  /** No attempt to send may outlast this, whatever kafkajs does. */
  attemptLimitMs: 12_000,
  disconnectLimitMs: 5_000,
} as const;
