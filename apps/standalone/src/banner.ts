import { basename, dirname, join, relative } from 'node:path';
import type { LxdAddresses } from '@tidings/events';
import type { Environment } from '@tidings/runtime';
import { KAFKA_VARIABLES_FILE } from './embedded/kafka-client-files.js';

export interface BannerInput {
  readonly url: string;
  readonly lxd: LxdAddresses;
  /** As the process was given it: what it does not name is embedded. */
  readonly given: Environment;
  /** With everything that was missing. */
  readonly environment: Environment;
  /** Where the admin token is kept, unless it was given. */
  readonly adminTokenFile: string;
}

/** What is said once, when everything is there: where it is, how to get in, and three commands to try. */
export function banner({ url, lxd, given, environment, adminTokenFile }: BannerInput): string {
  const brokers = (environment.kafka.brokers ?? []).join(', ');
  const database = new URL(environment.database.url ?? '').host;
  const origin = (value: unknown): string => (value === undefined ? ' (embedded)' : '');
  // One that was given is known to whoever gave it, and need not stand in a terminal's history.
  const isGiven = given.adminToken !== undefined;
  const token = isGiven ? '$TIDINGS_ADMIN_TOKEN' : environment.adminToken;
  const curl = `curl -sS -H "Authorization: Bearer ${token}"`;
  const event = JSON.stringify({
    type: 'lifecycle',
    timestamp: new Date().toISOString(),
    metadata: { action: 'instance-started', source: '/1.0/instances/c1' },
    location: 'none',
    project: 'default',
  });
  const instance = JSON.stringify({ name: 'my-instance', resource_plan_id: 'apprapp-lite' });
  return [
    '',
    `  Tidings is ready at ${url}`,
    '',
    `  Kafka        ${brokers}${origin(given.kafka.brokers)}`,
    ...(given.kafka.brokers === undefined ? [kafkaLogin(given, environment)] : []),
    `  PostgreSQL   ${database}${origin(given.database.url)}`,
    `  Admin token  ${isGiven ? 'the one in TIDINGS_ADMIN_TOKEN' : `${token} (kept in ${relative('', adminTokenFile)})`}`,
    ...lxdLines(lxd),
    `  Destinations may be called ${reachOf(given, environment)}`,
    '',
    '  Send an event, read it back, and see what its type is:',
    '',
    `    ${curl} -H 'Content-Type: application/json' ${url}/v1/ingest/lxd -d '${event}'`,
    '',
    `    ${curl} ${url}/api/events/`,
    '',
    `    ${curl} ${url}/api/catalogue/com.canonical.lxd.lifecycle.instance-started/`,
    '',
    '  Have a service of its own make some (docs/RESOURCE-CONTROLLER.md):',
    '',
    `    ${curl} -H 'Content-Type: application/json' ${url}/v2/resource_instances -d '${instance}'`,
    '',
    ...(lxd.socket === undefined ? [] : ['  Watch what arrives:', '', `    ${monitorCommand(lxd.socket)}`, '']),
    '  Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}

/** Which private addresses the app lets users call: to be known by whoever opens the port to others. */
function reachOf(given: Environment, environment: Environment): string {
  const networks = (environment.notifications.outboundAllow ?? []).join(', ');
  return given.notifications.outboundAllow === undefined
    ? `on this machine too (${networks}; TIDINGS_OUTBOUND_ALLOW changes that)`
    : `in ${networks} too (TIDINGS_OUTBOUND_ALLOW)`;
}

/** What is embedded asks for a login, unless it was opened. */
function kafkaLogin({ dataDir }: Environment, { kafka }: Environment): string {
  const blank = ' '.repeat(15);
  if (kafka.sasl === undefined) return `${blank}open to every account of this machine (EMBEDDED_KAFKA_OPEN)`;
  const file = relative('', join(dataDir, KAFKA_VARIABLES_FILE));
  return `${blank}login as the user ${kafka.sasl.username}; the password is in ${file} (docs/OTHER-LANGUAGES.md)`;
}

function lxdLines({ socket, tls }: LxdAddresses): string[] {
  return [
    ...(socket === undefined ? [] : [`  LXD API      ${relative('', socket)} (unix socket)`]),
    ...(tls === undefined ? [] : [`  LXD API      ${tls} (for registered certificates)`]),
  ];
}

/** LXD's client finds a socket of this name by its folder. */
function monitorCommand(socket: string): string {
  const path = relative('', socket);
  const where = basename(path) === 'unix.socket' ? `LXD_DIR=${dirname(path)}` : `LXD_SOCKET=${path}`;
  return `${where} lxc monitor`;
}
