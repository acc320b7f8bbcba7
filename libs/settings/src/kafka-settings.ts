import type { CleanedEnv } from 'envalid';
import { cleanVariables } from './clean-variables.js';
import { KAFKA_VARIABLES, type SaslMechanism } from './kafka-variables.js';
import { EnvironmentError } from './start-errors.js';

/** How to speak TLS with a server. Certificates and keys are PEM text, already read. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False accepts any certificate; only `sslmode=no-verify` asks for that. */
  readonly verify: boolean;
}

export interface KafkaSettings {
  /** Undefined: none is configured. */
  readonly brokers: readonly string[] | undefined;
  readonly tls: TlsSettings | undefined;
  readonly sasl:
    { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string } | undefined;
  /** Put before every topic and group; empty when none is configured. */
  readonly prefix: string;
  readonly partitions: number;
  /** -1 leaves it to the broker. */
  readonly replicationFactor: number;
  readonly retentionHours: number;
}

type Variables = CleanedEnv<typeof KAFKA_VARIABLES>;

/**
 * Reads what the environment says of Kafka, for services that take nothing else from us. Empty values count as absent;
 * files named by `…_FILE` are read here.
 * @param source the process's variables
 * @throws {EnvironmentError} with one line for every variable that is wrong
 */
export function parseKafkaSettings(source: Readonly<Record<string, string | undefined>> = process.env): KafkaSettings {
  const variables = cleanVariables(source, KAFKA_VARIABLES);
  const problems = kafkaContradictions(variables);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return kafkaSettings(variables);
}

/** What the variables, each of them read, say together. */
export function kafkaSettings(variables: Variables): KafkaSettings {
  const external = variables.KAFKA_BROKERS !== undefined;
  const mechanism = variables.KAFKA_SASL_MECHANISM;
  return {
    brokers: variables.KAFKA_BROKERS,
    tls: usesKafkaTls(variables)
      ? {
          ca: variables.KAFKA_TLS_CA_FILE,
          cert: variables.KAFKA_TLS_CERT_FILE,
          key: variables.KAFKA_TLS_KEY_FILE,
          verify: true,
        }
      : undefined,
    sasl:
      mechanism === undefined
        ? undefined
        : {
            mechanism,
            username: variables.KAFKA_SASL_USERNAME ?? '',
            password: variables.KAFKA_SASL_PASSWORD ?? '',
          },
    prefix: variables.TIDINGS_PREFIX ?? '',
    partitions: variables.KAFKA_PARTITIONS ?? (external ? 6 : 2),
    replicationFactor: variables.KAFKA_REPLICATION ?? (external ? -1 : 1),
    retentionHours: variables.KAFKA_RETENTION_HOURS,
  };
}

/** What each variable for itself cannot see: one line for each contradiction. */
export function kafkaContradictions(variables: Variables): string[] {
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [
      (variables.KAFKA_TLS_CERT_FILE === undefined) !== (variables.KAFKA_TLS_KEY_FILE === undefined),
      'KAFKA_TLS_CERT_FILE: needs KAFKA_TLS_KEY_FILE, and the other way round',
    ],
    [
      variables.KAFKA_TLS === false &&
        (variables.KAFKA_TLS_CA_FILE !== undefined || variables.KAFKA_TLS_CERT_FILE !== undefined),
      'KAFKA_TLS: is off, although a file for it is named; turn it on, or leave the KAFKA_TLS_…_FILE variables out',
    ],
    [
      variables.KAFKA_SASL_MECHANISM !== undefined &&
        (variables.KAFKA_SASL_USERNAME === undefined || variables.KAFKA_SASL_PASSWORD === undefined),
      'KAFKA_SASL_MECHANISM: needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
    ],
    [
      variables.KAFKA_SASL_MECHANISM === undefined &&
        (variables.KAFKA_SASL_USERNAME !== undefined || variables.KAFKA_SASL_PASSWORD !== undefined),
      'KAFKA_SASL_MECHANISM: is needed beside KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, problem]) => problem);
}

function usesKafkaTls(variables: Variables): boolean {
  return (
    variables.KAFKA_TLS ?? (variables.KAFKA_TLS_CA_FILE !== undefined || variables.KAFKA_TLS_CERT_FILE !== undefined)
  );
}
