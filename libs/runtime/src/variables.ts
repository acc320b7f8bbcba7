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
  PORT: listeningPort({ default: 4100, desc: 'Where HTTP is served; 0 chooses a free port.' }),
  HOST: text({ default: '127.0.0.1', desc: 'The address to listen on; 0.0.0.0 opens it to the network.' }),
  TIDINGS_ADMIN_TOKEN: headerToken({
    default: undefined,
    desc: 'The token that may do everything, at least 32 characters. The standalone app makes one up and keeps it in the data directory.',
  }),
  TIDINGS_MAX_EVENT_BYTES: wholeNumber(
    1_024,
    64 * 1_048_576,
  )({ default: 1_048_576, desc: 'The largest event that is accepted, in bytes.' }),
  TIDINGS_PUBLISH_DEADLINE_MS: wholeNumber(
    100,
    300_000,
  )({ default: 10_000, desc: 'How long a request waits for Kafka before it is answered 503, in milliseconds.' }),
};

const speakingLxd = {
  TIDINGS_LXD_SOCKET: text({
    default: undefined,
    desc: 'The unix socket of the LXD API; the standalone app makes unix.socket in the data directory, others none.',
  }),
  TIDINGS_LXD_TLS_PORT: listeningPort({
    default: undefined,
    desc: 'Where the LXD API is served over TLS to registered client certificates; without it, nowhere.',
  }),
  TIDINGS_LXD_TRUST_LOOPBACK: yesOrNo({
    default: false,
    desc: 'Serve the LXD API on the HTTP port to callers from this machine without a token: true or false.',
  }),
};

const connecting = {
  TIDINGS_CONNECTORS: readFile({
    default: undefined,
    desc: 'The YAML or JSON file that says which systems to connect to, as docs/CONNECTORS.md tells; without it, none.',
  }),
};

const running = {
  TIDINGS_APP: oneOf(APPS)({ default: undefined, desc: `Which app the image runs: ${APPS.join(', ')}.` }),
  TIDINGS_ROLES: someOf(ROLES)({
    default: undefined,
    desc: `What this process does, out of ${ROLES.join(', ')}; without it, all that its app can.`,
  }),
  TIDINGS_CATALOGUES: moduleList({
    default: undefined,
    desc: "Packages or paths with other teams' event types, @acme/events,./events; each exports an array systems.",
  }),
  TIDINGS_DATA_DIR: text({ default: '.tidings', desc: 'Where the embedded servers and the admin token are kept.' }),
  TIDINGS_CACHE_DIR: text({
    default: undefined,
    desc: 'Where downloaded broker jars are kept, to be shared by clones; without it, the cache folder of the user.',
  }),
  LOG_LEVEL: logLevel(LOG_LEVELS)({ default: 'log', desc: `The least that is logged: ${LOG_LEVELS.join(', ')}.` }),
  TIDINGS_WATCHDOG_SECONDS: wholeNumber(
    5,
    86_400,
  )({
    default: 60,
    desc: 'A process with unread messages that makes no progress for this long ends, in seconds.',
  }),
};

const database = {
  DATABASE_URL: databaseUrl({
    default: undefined,
    desc: 'The PostgreSQL to use, postgres://user:password@host:5432/database?sslmode=require; without it, the standalone app brings its own.',
  }),
  DATABASE_OWNER_URL: databaseUrl({
    default: undefined,
    desc: 'The same database with another user, who then owns tokens and the audit log: the user of DATABASE_URL can only add to the log. One process that starts before the others is enough.',
  }),
  DATABASE_TLS_CA_FILE: pemFile({ default: undefined, desc: 'The authority that signed PostgreSQL, a PEM file.' }),
  DATABASE_POOL_SIZE: wholeNumber(
    2,
    1_000,
  )({ default: 10, desc: 'The most connections a process opens to write, and the most to answer queries.' }),
  DATABASE_QUERY_TIMEOUT_MS: wholeNumber(
    10,
    3_600_000,
  )({ default: 15_000, desc: 'For how long the database may work on a query of the API, in milliseconds.' }),
};

const quotas = {
  TIDINGS_STREAMS_PER_TOKEN: wholeNumber(
    1,
    100_000,
  )({ default: 100, desc: 'How many live streams one token may have open in a process.' }),
  TIDINGS_QUERIES_PER_TOKEN: wholeNumber(
    1,
    1_000,
  )({ default: 6, desc: 'How many queries of one token a process answers side by side; others wait a while.' }),
  TIDINGS_EXPORTS_PER_TOKEN: wholeNumber(
    1,
    100,
  )({ default: 1, desc: 'How many exports one token may have under way in a process.' }),
};

const keeping = {
  TIDINGS_IDENTITY_DAYS: wholeNumber(
    1,
    3_650,
  )({
    default: 8,
    desc: 'For how long a second copy of an event is recognised, in days; longer than Kafka keeps messages.',
  }),
  TIDINGS_RETENTION_DAYS: wholeNumber(
    0,
    36_500,
  )({ default: 0, desc: 'For how long events are kept, in days; 0 keeps them for ever.' }),
  TIDINGS_DEAD_LETTER_DAYS: wholeNumber(
    0,
    36_500,
  )({ default: 90, desc: 'For how long dead letters are kept, in days; 0 keeps them for ever.' }),
};

const notifying = {
  TIDINGS_SECRET_KEY: encryptionKey({
    default: undefined,
    desc: 'What the secrets of destinations are encrypted with, 32 bytes in base64; the standalone app makes one up and keeps it in the data directory.',
  }),
  TIDINGS_OUTBOUND_ALLOW: networkList({
    default: undefined,
    desc: 'Networks that destinations may be in although they are private, 10.1.0.0/16,fd00::/8; the standalone app allows this machine.',
  }),
  TIDINGS_EVENTS_URL: httpUrl({
    default: undefined,
    desc: 'Where the notification app asks for stored events, http://events:4100; the standalone app asks itself.',
  }),
  TIDINGS_DELIVERY_DAYS: wholeNumber(
    1,
    3_650,
  )({ default: 30, desc: 'For how long what was delivered is kept, with its attempts, in days.' }),
};

const embedded = {
  EMBEDDED_KAFKA_PORT: listeningPort({ default: 4192, desc: 'Where the embedded Kafka listens; 0 chooses.' }),
  EMBEDDED_KAFKA_OPEN: yesOrNo({
    default: false,
    desc: 'Let every account of this machine read and write the embedded Kafka without a login: true or false.',
  }),
  EMBEDDED_POSTGRES_PORT: listeningPort({ default: 4132, desc: 'Where the embedded PostgreSQL listens; 0 chooses.' }),
  JAVA_HOME: text({
    default: undefined,
    desc: 'The Java that runs the embedded Kafka; without it, the one on the PATH.',
  }),
};

/** The servers take no notice of these; whoever has set them for `tidings` shall not be told that nobody knows them. */
const commandLine = {
  TIDINGS_URL: text({ default: undefined, desc: 'Where the command line finds Tidings; http://127.0.0.1:4100.' }),
  TIDINGS_TOKEN: text({
    default: undefined,
    desc: 'The token that the command line shows; without it, on this machine, the admin token of the data directory.',
  }),
};

/** Every variable that is understood, with its default and its one-line description. Everything else is derived from it. */
export const VARIABLES = {
  ...serving,
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
  { title: 'LXD API', names: Object.keys(speakingLxd) },
  { title: 'Connectors', names: Object.keys(connecting) },
  { title: 'Running', names: Object.keys(running) },
  { title: 'Kafka', names: Object.keys(KAFKA_VARIABLES) },
  { title: 'PostgreSQL', names: Object.keys(database) },
  { title: 'What one token may have at once', names: Object.keys(quotas) },
  { title: 'Keeping events', names: Object.keys(keeping) },
  { title: 'Notifications', names: Object.keys(notifying) },
  { title: 'Embedded servers (standalone app, where the above names none)', names: Object.keys(embedded) },
  { title: 'Command line (`tidings`)', names: Object.keys(commandLine) },
];
