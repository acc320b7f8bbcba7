import { KAFKA_VARIABLES, oneOf, pemFile, text, wholeNumber, yesOrNo } from '@tidings/settings';
import {
  databaseUrl,
  encryptionKey,
  headerToken,
  httpUrl,
  listeningPort,
  logLevel,
  moduleList,
  networkList,
  readFile,
  someOf,
} from './validators.js';

export const APPS = ['standalone', 'gateway', 'events', 'notifications', 'resource-controller'] as const;
export type AppName = (typeof APPS)[number];

export const ROLES = ['gateway', 'ingest', 'match', 'deliver', 'api'] as const;
export type Role = (typeof ROLES)[number];

/** The roles that an app can take, and takes when none is asked for. */
export const ROLES_OF_APP = {
  standalone: ROLES,
  gateway: ['gateway'],
  events: ['ingest', 'api'],
  notifications: ['match', 'deliver', 'api'],
  // Whatever it is given: it does all that it can.
  'resource-controller': [],
} as const satisfies Record<AppName, readonly Role[]>;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

const serving = {
  PORT: listeningPort({ default: 4100, desc: 'HTTP port; 0 chooses a free port.' }),
  HOST: text({ default: '127.0.0.1', desc: 'Address to listen on; 0.0.0.0 opens it to the network.' }),
  TIDINGS_ADMIN_TOKEN: headerToken({
    default: undefined,
    desc: 'Token with all permissions, at least 32 characters. The standalone app generates one and keeps it in the data directory.',
  }),
  TIDINGS_MAX_EVENT_BYTES: wholeNumber(
    1_024,
    64 * 1_048_576,
  )({ default: 1_048_576, desc: 'Largest event that is accepted, in bytes.' }),
  TIDINGS_PUBLISH_DEADLINE_MS: wholeNumber(
    100,
    300_000,
  )({ default: 10_000, desc: 'How long a request waits for Kafka before it gets a 503, in milliseconds.' }),
};

const servingConsole = {
  TIDINGS_CONSOLE: yesOrNo({ default: true, desc: 'Serve the web console at /console/: true or false.' }),
  TIDINGS_PUBLIC_URL: httpUrl({
    default: undefined,
    desc: 'Under which URL browsers reach this server, where a proxy is in between: https://example.org/tidings.',
  }),
};

const speakingLxd = {
  TIDINGS_LXD_SOCKET: text({
    default: undefined,
    desc: 'Unix socket of the LXD API. The standalone app defaults to unix.socket in the data directory, other apps to none.',
  }),
  TIDINGS_LXD_TLS_PORT: listeningPort({
    default: undefined,
    desc: 'Port of the LXD API over TLS, for registered client certificates. Not served without it.',
  }),
  TIDINGS_LXD_TRUST_LOOPBACK: yesOrNo({
    default: false,
    desc: 'Serve the LXD API on the HTTP port to callers from this machine without a token: true or false.',
  }),
};

const connecting = {
  TIDINGS_CONNECTORS: readFile({
    default: undefined,
    desc: 'YAML or JSON file that configures connectors (docs/CONNECTORS.md).',
  }),
};

const running = {
  TIDINGS_APP: oneOf(APPS)({ default: undefined, desc: `App that the image runs: ${APPS.join(', ')}.` }),
  TIDINGS_ROLES: someOf(ROLES)({
    default: undefined,
    desc: `Roles of this process, of ${ROLES.join(', ')}. Defaults to all roles of its app.`,
  }),
  TIDINGS_CATALOGUES: moduleList({
    default: undefined,
    desc: "Packages or paths with other teams' event types, @acme/events,./events. Each exports an array named systems.",
  }),
  TIDINGS_DATA_DIR: text({ default: '.tidings', desc: 'Directory of the embedded servers and the admin token.' }),
  TIDINGS_CACHE_DIR: text({
    default: undefined,
    desc: 'Directory of downloaded broker jars, shared by all clones. Defaults to the cache directory of the user.',
  }),
  LOG_LEVEL: logLevel(LOG_LEVELS)({ default: 'log', desc: `Minimum level that is logged: ${LOG_LEVELS.join(', ')}.` }),
  TIDINGS_WATCHDOG_SECONDS: wholeNumber(
    5,
    86_400,
  )({
    default: 60,
    desc: 'A process ends when it has unread messages and makes no progress for this long, in seconds.',
  }),
};

const database = {
  DATABASE_URL: databaseUrl({
    default: undefined,
    desc: 'PostgreSQL to use, postgres://user:password@host:5432/database?sslmode=require. Without it, the standalone app starts its own.',
  }),
  DATABASE_OWNER_URL: databaseUrl({
    default: undefined,
    desc: 'The same database with another user, who then owns tokens and the audit log, so that the user of DATABASE_URL can only add to the log. One process that starts before the others is enough.',
  }),
  DATABASE_TLS_CA_FILE: pemFile({ default: undefined, desc: 'CA certificates to verify PostgreSQL with, a PEM file.' }),
  DATABASE_POOL_SIZE: wholeNumber(
    2,
    1_000,
  )({ default: 10, desc: 'Maximum connections of a process for writing, and again for queries.' }),
  DATABASE_QUERY_TIMEOUT_MS: wholeNumber(
    10,
    3_600_000,
  )({ default: 15_000, desc: 'Timeout of a query of the API, in milliseconds.' }),
};

const quotas = {
  TIDINGS_STREAMS_PER_TOKEN: wholeNumber(
    1,
    100_000,
  )({ default: 100, desc: 'Maximum live streams of a token in a process.' }),
  TIDINGS_QUERIES_PER_TOKEN: wholeNumber(
    1,
    1_000,
  )({ default: 6, desc: 'Maximum concurrent queries of a token in a process; more of them wait.' }),
  TIDINGS_EXPORTS_PER_TOKEN: wholeNumber(
    1,
    100,
  )({ default: 1, desc: 'Maximum concurrent exports of a token in a process.' }),
};

const keeping = {
  TIDINGS_IDENTITY_DAYS: wholeNumber(
    1,
    3_650,
  )({
    default: 8,
    desc: 'How long duplicates of an event are recognised, in days. Must be longer than Kafka keeps messages.',
  }),
  TIDINGS_RETENTION_DAYS: wholeNumber(
    0,
    36_500,
  )({ default: 0, desc: 'How long events are kept, in days; 0 keeps them for ever.' }),
  TIDINGS_DEAD_LETTER_DAYS: wholeNumber(
    0,
    36_500,
  )({ default: 90, desc: 'How long dead letters are kept, in days; 0 keeps them for ever.' }),
};

const notifying = {
  TIDINGS_SECRET_KEY: encryptionKey({
    default: undefined,
    desc: 'Key that encrypts the secrets of destinations, 32 bytes in base64. The standalone app generates one and keeps it in the data directory.',
  }),
  TIDINGS_OUTBOUND_ALLOW: networkList({
    default: undefined,
    desc: 'Private networks that destinations may be in, 10.1.0.0/16,fd00::/8. The standalone app allows this machine.',
  }),
  TIDINGS_EVENTS_URL: httpUrl({
    default: undefined,
    desc: 'URL of the events API for the notification app, http://events:4100. Not needed in the standalone app.',
  }),
  TIDINGS_DELIVERY_DAYS: wholeNumber(
    1,
    3_650,
  )({ default: 30, desc: 'How long deliveries and their attempts are kept, in days.' }),
};

const embedded = {
  EMBEDDED_KAFKA_PORT: listeningPort({ default: 4192, desc: 'Port of the embedded Kafka; 0 chooses a free port.' }),
  EMBEDDED_KAFKA_OPEN: yesOrNo({
    default: false,
    desc: 'Let every account of this machine use the embedded Kafka without a login: true or false.',
  }),
  EMBEDDED_POSTGRES_PORT: listeningPort({
    default: 4132,
    desc: 'Port of the embedded PostgreSQL; 0 chooses a free port.',
  }),
  JAVA_HOME: text({
    default: undefined,
    desc: 'Java that runs the embedded Kafka. Defaults to the java on the PATH.',
  }),
};

/** Not used by servers; listed so that they are not warned of as unknown. */
const commandLine = {
  TIDINGS_URL: text({
    default: undefined,
    desc: 'URL of the server for the command line. Defaults to the server that was started here.',
  }),
  TIDINGS_TOKEN: text({
    default: undefined,
    desc: 'Token of the command line. On the machine of the server, defaults to the admin token of its data directory.',
  }),
};

/** Every variable that is understood, with its default and its one-line description. Everything else is derived from it. */
export const VARIABLES = {
  ...serving,
  ...servingConsole,
  ...speakingLxd,
  ...connecting,
  ...running,
  ...KAFKA_VARIABLES,
  ...database,
  ...quotas,
  ...keeping,
  ...notifying,
  ...embedded,
  ...commandLine,
};
export type VariableName = keyof typeof VARIABLES;

/** How the variables are grouped for people. */
export const VARIABLE_GROUPS: readonly { readonly title: string; readonly names: readonly string[] }[] = [
  { title: 'Serving', names: Object.keys(serving) },
  { title: 'Console', names: Object.keys(servingConsole) },
  { title: 'LXD API', names: Object.keys(speakingLxd) },
  { title: 'Connectors', names: Object.keys(connecting) },
  { title: 'Running', names: Object.keys(running) },
  { title: 'Kafka', names: Object.keys(KAFKA_VARIABLES) },
  { title: 'PostgreSQL', names: Object.keys(database) },
  { title: 'Limits of a token', names: Object.keys(quotas) },
  { title: 'Retention', names: Object.keys(keeping) },
  { title: 'Notifications', names: Object.keys(notifying) },
  { title: 'Embedded servers (standalone app, where none is configured above)', names: Object.keys(embedded) },
  { title: 'Command line (`tidings`)', names: Object.keys(commandLine) },
];
