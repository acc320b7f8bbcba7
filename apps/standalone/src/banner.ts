import { isAbsolute, join, relative } from 'node:path';
import type { LxdAddresses } from '@tidings/events';
import type { Environment } from '@tidings/runtime';
import { KAFKA_VARIABLES_FILE } from './embedded/kafka-client-files.js';

export interface BannerInput {
  readonly url: string;
  readonly lxd: LxdAddresses;
  /** Undefined: there is no console. */
  readonly consoleLink: string | undefined;
  /** As the process was given it: what it does not name is embedded. */
  readonly given: Environment;
  /** With everything that was missing. */
  readonly environment: Environment;
  /** Where the admin token is kept, unless it was given. */
  readonly adminTokenFile: string;
}

/** What is said once, when everything is ready: where it is, how to get in, and what to try. No line is wider than 80. */
export function banner({ url, lxd, consoleLink, given, environment, adminTokenFile }: BannerInput): string {
  const isGiven = given.adminToken !== undefined;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['API', `${url}/docs`],
    ['Messages', `${url}/docs/async`],
    ...kafkaRows(given, environment),
    ...postgresRows(given, environment),
    ['Admin token', isGiven ? 'the one in TIDINGS_ADMIN_TOKEN' : shown(adminTokenFile)],
    ...(lxd.socket === undefined ? [] : [['LXD API', `${shown(lxd.socket)} (unix socket)`] as const]),
    ...(lxd.tls === undefined ? [] : [['LXD API', `${lxd.tls} (for registered certificates)`] as const]),
    ['Destinations', reachOf(environment)],
  ];
  return [
    '',
    `  Tidings is ready at ${url}`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`),
    ...(consoleLink === undefined
      ? []
      : ['', '  The console, signed in (works once, within ten minutes):', '', `    ${consoleLink}`]),
    '',
    '  In another terminal, in the folder of this checkout:',
    '',
    ...commands(url, given).map((command) => `    ${command}`),
    '',
    '  Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}

/** The command line finds a server by its data directory, where that is the usual one. */
function commands(url: string, given: Environment): readonly string[] {
  const isUsual = given.dataDir === join(process.cwd(), '.tidings');
  const isGiven = given.adminToken !== undefined;
  return [
    ...(isUsual || isGiven ? [] : [`export TIDINGS_DATA_DIR=${given.dataDir}`]),
    ...(isGiven ? [`export TIDINGS_URL=${url} TIDINGS_TOKEN=$TIDINGS_ADMIN_TOKEN`] : []),
    'npx tidings publish --native lxd < test/samples/lxd-events.ndjson',
    'npx tidings events',
    'npx tidings tail',
    'npx tidings --help',
  ];
}

function kafkaRows(given: Environment, { kafka }: Environment): (readonly [string, string])[] {
  const brokers = (kafka.brokers ?? []).join(', ');
  if (given.kafka.brokers !== undefined) return [['Kafka', brokers]];
  if (kafka.sasl === undefined) return [['Kafka', `${brokers} (embedded, no login: EMBEDDED_KAFKA_OPEN)`]];
  return [
    ['Kafka', `${brokers} (embedded), user ${kafka.sasl.username}`],
    ['', `login in ${shown(join(given.dataDir, KAFKA_VARIABLES_FILE))}`],
  ];
}

function postgresRows(given: Environment, { database }: Environment): (readonly [string, string])[] {
  const { host, username, pathname } = new URL(database.url ?? '');
  if (given.database.url !== undefined) return [['PostgreSQL', host]];
  return [
    ['PostgreSQL', `${host}${pathname} (embedded), user ${username}`],
    ['', `password in ${shown(join(given.dataDir, 'postgres-app-password'))}`],
  ];
}

/** Which private networks users may have destinations in: to be known before the port is opened to others. */
function reachOf({ notifications }: Environment): string {
  const networks = notifications.outboundAllow ?? [];
  return `also in ${networks.join(', ')} (TIDINGS_OUTBOUND_ALLOW)`;
}

/** A path as it is shortest to type: below the working directory without it. */
function shown(path: string): string {
  const short = relative('', path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
