import type { SystemDefinition } from '@tidings/catalogue';
import type { KafkaOptions, Transport } from '@tidings/transport';
import type { Registry } from 'prom-client';
import { SubscribingError } from './subscribing-error.js';

/** How a consumer is set up; everything but the group has a default. */
export interface SubscribingOptions {
  /**
   * The consumer group: processes of one group share the events, each group gets all of them. Its position is kept under
   * this name. Without the prefix.
   */
  readonly group: string;
  /** `host:port`, or a list with commas; default `KAFKA_BROKERS`. */
  readonly brokers?: string | readonly string[];
  /** Before the names of kafkaTopics and groups, as the servers are configured; default `TIDINGS_PREFIX`. */
  readonly prefix?: string;
  /** `ca`, `cert` and `key` are PEM texts; default as `KAFKA_TLS` and its like say. */
  readonly tls?: NonNullable<KafkaOptions['tls']>;
  /** Default as `KAFKA_SASL_MECHANISM` and its like say. */
  readonly sasl?: NonNullable<KafkaOptions['sasl']>;
  /** How the service shows itself in the broker's logs and quotas; default the group. */
  readonly clientId?: string;
  /** Instead of a connection of its own; whoever made it closes it. For tests, `new MemoryTransport()`. */
  readonly transport?: Transport;
  /** The team's own systems, beside those of Tidings. Their types are consumed like those. */
  readonly systems?: readonly SystemDefinition[];
  /**
   * Pauses before each further attempt at an event, milliseconds; when they are used up, it becomes a dead letter.
   * Default 200, 1,000, 5,000, 10,000.
   */
  readonly retryAfterMs?: readonly number[];
  /**
   * How many members of the group this process is; default 2: one fetches while the other handles, and neither Kafka nor
   * the handlers stand idle. 1 takes fewer connections and half the memory for what is fetched.
   */
  readonly members?: number;
  /** How many partitions each member works on at once; default 3. */
  readonly partitionsAtOnce?: number;
  /** Of how many entities in each of them a handler gets events at once; default 8. */
  readonly entitiesAtOnce?: number;
  /**
   * Whether data has to fit its type: where it does not, the event becomes a dead letter before a handler sees it; what a
   * system sent natively does so when the handler reads its data. Default true; `false` trusts whoever writes to Kafka.
   */
  readonly checkPayloads?: boolean;
  /** The largest event, bytes of its JSON text; a larger one becomes a dead letter. 1 MiB unless given, as on the servers. */
  readonly maxEventBytes?: number;
  /** Prometheus's, for metrics that begin with `tidings_subscribing_`. */
  readonly registry?: Registry;
  /** With events to read and no progress for this long the consumer gives up, milliseconds; default 120,000. */
  readonly stallAfterMs?: number;
  /** How often it looks for new kafkaTopics, milliseconds; default 10,000. */
  readonly discoverEveryMs?: number;
  /** Replicas of the dead letters' kafkaTopic, where it has to be made; default as the broker has it. */
  readonly replicationFactor?: number;
  /**
   * Called once when the consumer cannot go on. Default: the error is thrown where nobody catches it, which ends the
   * process: one that consumes nothing must not look alive.
   */
  readonly onFatal?: (error: Error) => void;
}

export const SUBSCRIBING_DEFAULTS = {
  members: 2,
  partitionsAtOnce: 3,
  entitiesAtOnce: 8,
} as const;

/** What Kafka allows in the name of a kafkaTopic, of which the group is a part. */
const GROUP = /^[A-Za-z0-9._-]{1,200}$/;
/** A pause beyond a day is a mistake of units. */
const MAX_PAUSE_MS = 86_400_000;

/** @throws {SubscribingError} INVALID_OPTION, naming the option */
export function checkOptions(options: SubscribingOptions): void {
  if (typeof options.group !== 'string' || !GROUP.test(options.group)) {
    throw invalid(
      'group',
      'must be 1 to 200 letters, digits, full stops, hyphens or underscores, as in billing-service',
    );
  }
  for (const name of ['members', 'partitionsAtOnce', 'entitiesAtOnce', 'maxEventBytes'] as const) {
    const value = options[name];
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
      throw invalid(name, 'must be a whole number from 1');
    }
  }
  if (options.retryAfterMs !== undefined) checkSchedule('retryAfterMs', options.retryAfterMs);
}

/** @param name of the option, for the message @throws {SubscribingError} INVALID_OPTION */
export function checkSchedule(name: string, pauses: readonly number[]): void {
  if (pauses.every((pause) => Number.isFinite(pause) && pause >= 0 && pause <= MAX_PAUSE_MS)) return;
  throw invalid(name, `must be milliseconds from 0 to ${MAX_PAUSE_MS}, as in [200, 1000, 5000]`);
}

function invalid(option: string, problem: string): SubscribingError {
  return new SubscribingError('INVALID_OPTION', `${option} ${problem}`);
}
