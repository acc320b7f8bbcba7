import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  cleanVariables,
  EnvironmentError,
  kafkaContradictions,
  type KafkaSettings,
  kafkaSettings,
  type TlsSettings,
} from '@tidings/settings';
import type { CleanedEnv } from 'envalid';
import { type AppName, type LogLevelName, type Role, ROLES_OF_APP, VARIABLES } from './variables.js';
import { unknownVariables } from './unknown-variables.js';

export interface DatabaseSettings {
  /** Undefined: none is configured. */
  readonly url: string | undefined;
  readonly tls: TlsSettings | undefined;
  /** With whom the schema `access` is migrated, and who owns it then. Undefined: the user of `url`. */
  readonly owner: { readonly url: string; readonly tls: TlsSettings | undefined } | undefined;
  readonly poolSize: number;
  /** What takes longer to answer is given up, milliseconds. */
  readonly queryTimeoutMs: number;
}

/** What one token may have in a process at once. */
export interface QuotaSettings {
  readonly streamsPerToken: number;
  readonly queriesPerToken: number;
  readonly exportsPerToken: number;
}

export interface LxdApiSettings {
  /** Absolute path of the unix socket. Undefined: none is configured; the standalone app serves its own default then. */
  readonly socket: string | undefined;
  /** Undefined: not served over TLS. */
  readonly tlsPort: number | undefined;
  /** Whether callers from this machine need no token on the HTTP port. */
  readonly trustLoopback: boolean;
}

export interface ConsoleSettings {
  /** Whether it is served. */
  readonly enabled: boolean;
  /** Under which browsers reach the server, without a slash at its end. Undefined: where it listens. */
  readonly publicUrl: string | undefined;
}

export interface NotificationSettings {
  /** 32 bytes in base64 or base64url. Undefined: none is configured. */
  readonly secretKey: string | undefined;
  /** Networks in CIDR form that destinations may be in although they are private. Undefined: none is configured. */
  readonly outboundAllow: readonly string[] | undefined;
  /** Where stored events are asked for, without a slash at its end. Undefined: none is configured. */
  readonly eventsUrl: string | undefined;
  /** How long ended deliveries are kept, days. */
  readonly deliveryDays: number;
}

/** What the file of the connectors says, as it stands, and what it needs of the environment to be understood. */
export interface ConnectorFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** The variables that the text asks for as `${NAME}`, so far as they are set. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment of a process, parsed once. Deeply frozen. */
export interface Environment {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly cacheDir: string;
  readonly adminToken: string | undefined;
  readonly app: AppName | undefined;
  readonly roles: readonly Role[];
  /** Packages or paths of other teams' event types; none unless configured. */
  readonly catalogues: readonly string[];
  readonly logLevel: LogLevelName;
  readonly maxEventBytes: number;
  readonly publishDeadlineMs: number;
  readonly watchdogSeconds: number;
  readonly identityDays: number;
  /** 0 keeps events for ever. */
  readonly retentionDays: number;
  /** 0 keeps dead letters for ever. */
  readonly deadLetterDays: number;
  readonly quotas: QuotaSettings;
  readonly console: ConsoleSettings;
  readonly lxdApi: LxdApiSettings;
  readonly notifications: NotificationSettings;
  /** Undefined: no connector is configured. */
  readonly connectors: ConnectorFile | undefined;
  readonly kafka: KafkaSettings;
  readonly database: DatabaseSettings;
  readonly embedded: {
    readonly kafkaPort: number;
    /** Whether it takes clients without a login. */
    readonly kafkaIsOpen: boolean;
    readonly postgresPort: number;
    /** Undefined: the Java of the PATH. */
    readonly javaHome: string | undefined;
  };
  /** Lines for the log: variables that look like ours and are not, and the like. They hold no values. */
  readonly warnings: readonly string[];
}

type Variables = CleanedEnv<typeof VARIABLES>;

/**
 * Reads the environment. Empty values count as absent. Files named by `…_FILE` are read here.
 * @param source the process's variables
 * @throws {EnvironmentError} with one line for every variable that is wrong
 */
export function parseEnvironment(source: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const variables: Variables = cleanVariables(source, VARIABLES);
  const problems = contradictions(variables);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return freeze(assemble(variables, source));
}

function assemble(variables: Variables, source: Readonly<Record<string, string | undefined>>): Environment {
  const { DATABASE_URL, DATABASE_OWNER_URL, DATABASE_TLS_CA_FILE: ca } = variables;
  return {
    port: variables.PORT,
    host: variables.HOST,
    dataDir: resolve(variables.TIDINGS_DATA_DIR),
    cacheDir: resolve(variables.TIDINGS_CACHE_DIR ?? join(userCacheDir(source), 'tidings')),
    adminToken: variables.TIDINGS_ADMIN_TOKEN,
    app: variables.TIDINGS_APP,
    roles: variables.TIDINGS_ROLES ?? ROLES_OF_APP[variables.TIDINGS_APP ?? 'standalone'],
    catalogues: variables.TIDINGS_CATALOGUES ?? [],
    logLevel: variables.LOG_LEVEL,
    maxEventBytes: variables.TIDINGS_MAX_EVENT_BYTES,
    publishDeadlineMs: variables.TIDINGS_PUBLISH_DEADLINE_MS,
    watchdogSeconds: variables.TIDINGS_WATCHDOG_SECONDS,
    identityDays: variables.TIDINGS_IDENTITY_DAYS,
    retentionDays: variables.TIDINGS_RETENTION_DAYS,
    deadLetterDays: variables.TIDINGS_DEAD_LETTER_DAYS,
    quotas: {
      streamsPerToken: variables.TIDINGS_STREAMS_PER_TOKEN,
      queriesPerToken: variables.TIDINGS_QUERIES_PER_TOKEN,
      exportsPerToken: variables.TIDINGS_EXPORTS_PER_TOKEN,
    },
    console: { enabled: variables.TIDINGS_CONSOLE, publicUrl: variables.TIDINGS_PUBLIC_URL },
    lxdApi: {
      socket: variables.TIDINGS_LXD_SOCKET === undefined ? undefined : resolve(variables.TIDINGS_LXD_SOCKET),
      tlsPort: variables.TIDINGS_LXD_TLS_PORT,
      trustLoopback: variables.TIDINGS_LXD_TRUST_LOOPBACK,
    },
    notifications: {
      secretKey: variables.TIDINGS_SECRET_KEY,
      outboundAllow: variables.TIDINGS_OUTBOUND_ALLOW,
      eventsUrl: variables.TIDINGS_EVENTS_URL,
      deliveryDays: variables.TIDINGS_DELIVERY_DAYS,
    },
    connectors: connectorFile(variables.TIDINGS_CONNECTORS, source),
    kafka: kafkaSettings(variables),
    database: {
      url: DATABASE_URL?.url,
      tls: databaseTls(DATABASE_URL, ca),
      owner: DATABASE_OWNER_URL && { url: DATABASE_OWNER_URL.url, tls: databaseTls(DATABASE_OWNER_URL, ca) },
      poolSize: variables.DATABASE_POOL_SIZE,
      queryTimeoutMs: variables.DATABASE_QUERY_TIMEOUT_MS,
    },
    embedded: {
      kafkaPort: variables.EMBEDDED_KAFKA_PORT,
      kafkaIsOpen: variables.EMBEDDED_KAFKA_OPEN,
      postgresPort: variables.EMBEDDED_POSTGRES_PORT,
      javaHome: variables.JAVA_HOME,
    },
    warnings: [
      ...unknownVariables(Object.keys(source)),
      ...Object.entries({ DATABASE_URL, DATABASE_OWNER_URL }).flatMap(([variable, address]) =>
        (address?.ignoredParameters ?? []).map((name) => `${variable}: its parameter ${name} is ignored`),
      ),
    ],
  };
}

function connectorFile(
  file: Variables['TIDINGS_CONNECTORS'],
  source: Readonly<Record<string, string | undefined>>,
): ConnectorFile | undefined {
  if (file === undefined) return undefined;
  const names = new Set([...file.text.matchAll(VARIABLE_REFERENCE)].map(([, name = '']) => name));
  const variables: Record<string, string> = {};
  for (const name of names) {
    const value = source[name];
    if (value !== undefined && value !== '') variables[name] = value;
  }
  return { ...file, variables };
}

const VARIABLE_REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

function userCacheDir(source: Readonly<Record<string, string | undefined>>): string {
  const given = source['XDG_CACHE_HOME'];
  return given === undefined || given === '' ? join(homedir(), '.cache') : given;
}

function databaseTls(address: Variables['DATABASE_URL'], ca: string | undefined): TlsSettings | undefined {
  const mode = address?.tls ?? (ca === undefined ? 'off' : 'verify');
  return mode === 'off' ? undefined : { ca, verify: mode === 'verify' };
}

/** What each variable for itself cannot see. */
function contradictions(variables: Variables): string[] {
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [
      variables.TIDINGS_IDENTITY_DAYS * 24 <= variables.KAFKA_RETENTION_HOURS,
      'TIDINGS_IDENTITY_DAYS: has to be longer than KAFKA_RETENTION_HOURS, or a message that Kafka hands out once more is stored twice; raise it, or lower the retention',
    ],
    [
      variables.TIDINGS_APP !== undefined &&
        (variables.TIDINGS_ROLES ?? []).some((role) => !isRoleOf(role, variables.TIDINGS_APP)),
      `TIDINGS_ROLES: has a role that the app of TIDINGS_APP does not have; it has ${(variables.TIDINGS_APP === undefined ? [] : ROLES_OF_APP[variables.TIDINGS_APP]).join(', ')}`,
    ],
    [
      variables.DATABASE_TLS_CA_FILE !== undefined && variables.DATABASE_URL?.tls === 'off',
      'DATABASE_TLS_CA_FILE: has no effect with sslmode=disable in DATABASE_URL; take one of them away',
    ],
    [
      variables.DATABASE_OWNER_URL !== undefined && variables.DATABASE_URL === undefined,
      'DATABASE_OWNER_URL: has no effect without DATABASE_URL, which names the database and the user that works in it; set both',
    ],
  ];
  return [...kafkaContradictions(variables), ...rules.filter(([broken]) => broken).map(([, problem]) => problem)];
}

function isRoleOf(role: Role, app: AppName | undefined): boolean {
  const roles: readonly Role[] = ROLES_OF_APP[app ?? 'standalone'];
  return roles.includes(role);
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) freeze(inner);
  }
  return Object.freeze(value);
}
