import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEnvironment } from './environment.js';
import { EnvironmentError } from '@tidings/settings';
import { type VariableName, VARIABLES } from './variables.js';

const SECRET = 'do-not-show-me';
let folder = '';
let pem = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-environment-'));
  pem = join(folder, 'ca.pem');
  writeFileSync(pem, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  writeFileSync(join(folder, 'not.pem'), SECRET);
});

afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    parseEnvironment(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('without any variable', () => {
  test('everything has a value', () => {
    expect(parseEnvironment({})).toEqual({
      port: 4100,
      host: '127.0.0.1',
      dataDir: resolve('.tidings'),
      cacheDir: join(homedir(), '.cache', 'tidings'),
      adminToken: undefined,
      app: undefined,
      roles: ['gateway', 'ingest', 'match', 'deliver', 'api'],
      logLevel: 'log',
      maxEventBytes: 1_048_576,
      publishDeadlineMs: 10_000,
      watchdogSeconds: 60,
      identityDays: 8,
      retentionDays: 0,
      deadLetterDays: 90,
      quotas: { streamsPerToken: 100, queriesPerToken: 6, exportsPerToken: 1 },
      console: { enabled: true, publicUrl: undefined },
      lxdApi: { socket: undefined, tlsPort: undefined, trustLoopback: false },
      notifications: { secretKey: undefined, outboundAllow: undefined, eventsUrl: undefined, deliveryDays: 30 },
      connectors: undefined,
      catalogues: [],
      kafka: {
        brokers: undefined,
        tls: undefined,
        sasl: undefined,
        prefix: '',
        partitions: 2,
        replicationFactor: 1,
        retentionHours: 168,
      },
      database: { url: undefined, tls: undefined, owner: undefined, poolSize: 10, queryTimeoutMs: 15_000 },
      embedded: { kafkaPort: 4192, kafkaIsOpen: false, postgresPort: 4132 },
      warnings: [],
    });
  });

  test('an empty value counts as absent', () => {
    const empty = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '']));
    expect(parseEnvironment(empty)).toEqual(parseEnvironment({}));
  });
});

test('nothing in it can be changed', () => {
  const environment = parseEnvironment({ KAFKA_BROKERS: 'kafka:9092' });
  expect(Object.isFrozen(environment)).toBe(true);
  expect(Object.isFrozen(environment.kafka)).toBe(true);
  expect(Object.isFrozen(environment.kafka.brokers)).toBe(true);
});

test.each<[VariableName, string, string]>([
  ['PORT', '65536', 'has to be a port from 0 to 65535'],
  ['PORT', '4100x', 'has to be a port'],
  ['PORT', '-1', 'has to be a port'],
  ['HOST', 'a\u0000b', 'without control characters'],
  ['TIDINGS_ADMIN_TOKEN', `${SECRET} and a space`, 'printable ASCII without spaces'],
  ['TIDINGS_ADMIN_TOKEN', 'pässwörd', 'printable ASCII'],
  ['TIDINGS_ADMIN_TOKEN', 'x'.repeat(31), 'at least 32 characters'],
  ['TIDINGS_APP', 'everything', 'has to be one of standalone, gateway, events, notifications'],
  ['TIDINGS_ROLES', 'gateway,cook', 'out of gateway, ingest, match, deliver, api'],
  ['TIDINGS_ROLES', ',', 'out of gateway, ingest, match, deliver, api'],
  ['KAFKA_BROKERS', 'bootstrap', 'host:port'],
  ['KAFKA_BROKERS', 'kafka:0', 'host:port'],
  ['KAFKA_BROKERS', 'kafka:9092,http://other:9092', 'host:port'],
  ['KAFKA_TLS', 'perhaps', 'true or false'],
  ['KAFKA_SASL_MECHANISM', 'gssapi', 'plain, scram-sha-256, scram-sha-512'],
  ['TIDINGS_PREFIX', 'my/prefix', 'letters, digits, dots'],
  ['TIDINGS_PREFIX', '..', 'letters, digits, dots'],
  ['KAFKA_PARTITIONS', '0', 'has to be a whole number from 1'],
  ['KAFKA_PARTITIONS', '2.5', 'has to be a whole number from 1'],
  ['KAFKA_PARTITIONS', '1e3', 'has to be a whole number from 1'],
  ['KAFKA_RETENTION_HOURS', '-1', 'has to be a whole number from 1'],
  ['TIDINGS_SECRET_KEY', 'too short', '32 random bytes in base64'],
  ['TIDINGS_OUTBOUND_ALLOW', '10.0.0.1', 'list of networks'],
  ['TIDINGS_OUTBOUND_ALLOW', '10.0.0.0/33', 'list of networks'],
  ['TIDINGS_OUTBOUND_ALLOW', '10.0.0.0/8,example.org', 'list of networks'],
  ['TIDINGS_EVENTS_URL', 'ftp://elsewhere', 'http://events:4100'],
  ['DATABASE_URL', `mysql://user:${SECRET}@host/db`, 'postgres://user:password@host:5432/database'],
  ['DATABASE_URL', `postgres://user:${SECRET}@host`, 'the host and the database are needed'],
  ['DATABASE_URL', `postgres://user:${SECRET}@host/a/b`, 'the host and the database are needed'],
  ['DATABASE_URL', `postgres://user:${SECRET}%@host/db`, 'a % in the user, the password or the database'],
  ['DATABASE_URL', `postgres://user:${SECRET}@host/db?sslmode=prefer`, 'has an sslmode that is none of'],
  ['DATABASE_URL', `user=postgres password=${SECRET}`, 'has to be a URL'],
  ['DATABASE_OWNER_URL', `user=postgres password=${SECRET}`, 'has to be a URL'],
  ['DATABASE_TLS_CA_FILE', '/nowhere/ca.pem', 'names a file that cannot be read (ENOENT)'],
  ['LOG_LEVEL', 'loud', 'has to be one of fatal, error, warn, log'],
  ['TIDINGS_IDENTITY_DAYS', 'a week', 'has to be a whole number'],
])('%s=%s is refused with what would be right, and without the value', (name, value, expected) => {
  const problems = problemsOf({ [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${name}: `);
  expect(problems[0]).toContain(expected);
  if (value.length > 3) expect(problems[0]).not.toContain(value);
  expect(problems[0]).not.toContain(SECRET);
});

test('every wrong variable is named, each on its line', () => {
  expect(() => parseEnvironment({ PORT: 'x', KAFKA_BROKERS: 'y', LOG_LEVEL: 'z' })).toThrow(
    /^PORT: .+\nLOG_LEVEL: .+\nKAFKA_BROKERS: .+$/,
  );
});

test('a certificate that is no PEM is refused without showing the file', () => {
  expect(problemsOf({ KAFKA_TLS_CA_FILE: join(folder, 'not.pem') })).toEqual([
    'KAFKA_TLS_CA_FILE: names a file that is not in PEM format',
  ]);
});

describe('variables that contradict each other', () => {
  test('the identity window has to be longer than the retention of Kafka', () => {
    const problems = problemsOf({ TIDINGS_IDENTITY_DAYS: '7' });
    expect(problems).toEqual([
      expect.stringContaining('TIDINGS_IDENTITY_DAYS: has to be longer than KAFKA_RETENTION_HOURS'),
    ]);
    expect(problemsOf({ TIDINGS_IDENTITY_DAYS: '7', KAFKA_RETENTION_HOURS: '167' })).toEqual([]);
  });

  test('an app takes only its own roles', () => {
    expect(problemsOf({ TIDINGS_APP: 'events', TIDINGS_ROLES: 'gateway' })[0]).toContain('it has ingest, api');
    expect(parseEnvironment({ TIDINGS_APP: 'events', TIDINGS_ROLES: 'api' }).roles).toEqual(['api']);
    expect(parseEnvironment({ TIDINGS_APP: 'events' }).roles).toEqual(['ingest', 'api']);
  });

  test('a login needs mechanism, user and password', () => {
    expect(problemsOf({ KAFKA_SASL_MECHANISM: 'plain' })).toHaveLength(1);
    expect(problemsOf({ KAFKA_SASL_USERNAME: 'me', KAFKA_SASL_PASSWORD: SECRET })).toHaveLength(1);
    expect(
      parseEnvironment({
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_SASL_USERNAME: 'me',
        KAFKA_SASL_PASSWORD: SECRET,
      }).kafka.sasl,
    ).toEqual({ mechanism: 'scram-sha-512', username: 'me', password: SECRET });
  });

  test('files for TLS and TLS turned off do not go together', () => {
    expect(problemsOf({ KAFKA_TLS: 'false', KAFKA_TLS_CA_FILE: pem })).toHaveLength(1);
    expect(problemsOf({ KAFKA_TLS_CERT_FILE: pem })).toHaveLength(1);
    expect(problemsOf({ DATABASE_URL: 'postgres://h/d?sslmode=disable', DATABASE_TLS_CA_FILE: pem })).toHaveLength(1);
  });

  test('the owner of a database needs somebody who works in it', () => {
    expect(problemsOf({ DATABASE_OWNER_URL: 'postgres://o:p@h/d' })).toEqual([
      expect.stringContaining('DATABASE_OWNER_URL: has no effect without DATABASE_URL'),
    ]);
  });
});

describe('TLS', () => {
  test('of Kafka is on when asked for, or when an authority is named', () => {
    const content = expect.stringContaining('BEGIN CERTIFICATE') as string;
    expect(parseEnvironment({ KAFKA_TLS: 'true' }).kafka.tls).toEqual({ verify: true });
    expect(parseEnvironment({ KAFKA_TLS_CA_FILE: pem }).kafka.tls).toEqual({ ca: content, verify: true });
  });

  test.each([
    ['postgres://u:p@h/d', undefined],
    ['postgres://u:p@h/d?sslmode=disable', undefined],
    ['postgresql://u:p@h/d?sslmode=require', { verify: true }],
    ['postgres://u:p@h/d?sslmode=verify-full', { verify: true }],
    ['postgres://u:p@h/d?sslmode=no-verify', { verify: false }],
  ])('of PostgreSQL follows sslmode: %s', (url, tls) => {
    const { database } = parseEnvironment({ DATABASE_URL: url });
    expect(database.tls).toEqual(tls);
    expect(database.url).toBe(url.split('?')[0]);
  });

  test('of the connection of the owner follows its own sslmode', () => {
    const url = 'postgres://u:p@h/d?sslmode=no-verify';
    const owner = 'postgres://o:p@h/d?sslmode=require&options=x';
    const { database, warnings } = parseEnvironment({ DATABASE_URL: url, DATABASE_OWNER_URL: owner });
    expect(database.tls).toEqual({ verify: false });
    expect(database.owner).toEqual({ url: 'postgres://o:p@h/d', tls: { verify: true } });
    expect(warnings).toEqual(['DATABASE_OWNER_URL: its parameter options is ignored']);
    expect(parseEnvironment({ DATABASE_URL: url }).database.owner).toBeUndefined();
  });

  test('of PostgreSQL is on when its authority is named', () => {
    const { database } = parseEnvironment({ DATABASE_URL: 'postgres://u:p@h/d', DATABASE_TLS_CA_FILE: pem });
    expect(database.tls).toMatchObject({ verify: true, ca: expect.stringContaining('BEGIN') as string });
  });
});

test('an external Kafka gets more partitions, and decides on the replicas itself', () => {
  const { kafka } = parseEnvironment({ KAFKA_BROKERS: ' k1:9092, [::1]:9093 ,k1:9092' });
  expect(kafka).toMatchObject({ brokers: ['k1:9092', '[::1]:9093'], partitions: 6, replicationFactor: -1 });
});

test('info is understood as a log level', () => {
  expect(parseEnvironment({ LOG_LEVEL: 'INFO' }).logLevel).toBe('log');
});

test('port 0 means: choose one', () => {
  const environment = parseEnvironment({ PORT: '0', EMBEDDED_KAFKA_PORT: '0', EMBEDDED_POSTGRES_PORT: '0' });
  expect([environment.port, environment.embedded.kafkaPort, environment.embedded.postgresPort]).toEqual([0, 0, 0]);
});

describe('warnings', () => {
  test('name the nearest variable, and no value', () => {
    const { warnings } = parseEnvironment({ KAFKA_BROKER: SECRET, TIDINGS_PREFX: SECRET, KAFKA_HEAP_OPTS: SECRET });
    expect(warnings).toEqual([
      'KAFKA_BROKER: is not a setting of Tidings; did you mean KAFKA_BROKERS?',
      'TIDINGS_PREFX: is not a setting of Tidings; did you mean TIDINGS_PREFIX?',
      'KAFKA_HEAP_OPTS: is not a setting of Tidings',
    ]);
  });

  test('leave the variables of others alone', () => {
    expect(parseEnvironment({ PATH: '/bin', NODE_ENV: 'test', PGPASSWORD: SECRET }).warnings).toEqual([]);
  });

  test('name parameters of the database URL that have no effect', () => {
    const url = 'postgres://u:p@h/d?sslmode=require&channel_binding=require';
    expect(parseEnvironment({ DATABASE_URL: url }).warnings).toEqual([
      'DATABASE_URL: its parameter channel_binding is ignored',
    ]);
  });
});

describe('TIDINGS_CONNECTORS', () => {
  test('is read, with the variables that it asks for and no others', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tidings-')), 'connectors.yaml');
    writeFileSync(path, 'secret: ${HOOK_SECRET}\ntoken: ${UNSET}\n');
    const { connectors } = parseEnvironment({ TIDINGS_CONNECTORS: path, HOOK_SECRET: 'kept', OTHER: 'not asked for' });
    expect(connectors).toEqual({
      path,
      text: 'secret: ${HOOK_SECRET}\ntoken: ${UNSET}\n',
      variables: { HOOK_SECRET: 'kept' },
    });
  });

  test('has to name a file that is there', () => {
    expect(() => parseEnvironment({ TIDINGS_CONNECTORS: '/nowhere/connectors.yaml' })).toThrow(
      'TIDINGS_CONNECTORS: names a file that cannot be read (ENOENT)',
    );
  });
});
