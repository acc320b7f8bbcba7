import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  classifyDatabaseError,
  createDataSource,
  DatabaseModule,
  type DataSourceSettings,
  type MigrationClass,
  poolOf,
  waitForDatabase,
} from '@tidings/database';
import { createHttpApplication, createLog, StartError } from '@tidings/runtime';
import { Client, Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { freshName } from '../harness/fresh-names.js';
import { CLOCK_IS_SHIFTED } from '../harness/shifted-clock.js';
import { until } from '../harness/until.js';

type Migrator = Parameters<InstanceType<MigrationClass>['up']>[0];

class CreateThings1700000000001 {
  name = 'CreateThings1700000000001';

  async up(migrator: Migrator): Promise<void> {
    await migrator.query('CREATE TABLE app.things (id int PRIMARY KEY, kind text NOT NULL, body jsonb)');
  }

  async down(migrator: Migrator): Promise<void> {
    await migrator.query('DROP TABLE app.things');
  }
}

/** Would wait for ever for a process that waits for the lock inside a statement. */
class IndexThings1700000000002 {
  name = 'IndexThings1700000000002';
  transaction = false as const;

  async up(migrator: Migrator): Promise<void> {
    await migrator.query('CREATE INDEX CONCURRENTLY things_kind ON app.things (kind)');
  }

  async down(migrator: Migrator): Promise<void> {
    await migrator.query('DROP INDEX app.things_kind');
  }
}

class Broken1700000000003 {
  name = 'Broken1700000000003';

  async up(migrator: Migrator): Promise<void> {
    await migrator.query('CREATE TABLE app.half_done (id int)');
    await migrator.query('SELECT nonsense');
  }

  async down(): Promise<void> {}
}

let database: FreshDatabase;
let observer: Client;
let settings: DataSourceSettings;
const releases: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  observer = new Client(database.url);
  await observer.connect();
  settings = {
    url: database.url,
    applicationName: 'tidings-test',
    schema: 'app',
    migrations: [CreateThings1700000000001, IndexThings1700000000002],
    poolSize: 3,
    deadlineMs: 10_000,
  };
});

afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
  await observer.end();
  await database.drop();
});

async function open(changes: Partial<DataSourceSettings> = {}) {
  const dataSource = await createDataSource({ ...settings, ...changes });
  releases.push(() => dataSource.destroy());
  return dataSource;
}

async function executedMigrations(): Promise<string[]> {
  const { rows } = await observer.query<{ name: string }>('SELECT name FROM app.migrations ORDER BY id');
  return rows.map(({ name }) => name);
}

/** How many connections the code under test has open. */
async function openConnections(): Promise<number> {
  const { rows } = await observer.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tidings-test'`,
  );
  return rows[0]?.count ?? -1;
}

async function startErrorOf(work: Promise<unknown>): Promise<StartError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StartError)) throw new Error('That should have been a StartError', { cause: error });
  return error;
}

function changed(url: string, changes: Partial<Pick<URL, 'username' | 'password' | 'pathname' | 'port'>>): string {
  return Object.assign(new URL(url), changes).href;
}

/** Listens on a free port and gives each connection to the handler, with its number. */
async function listenWith(handle: (socket: Socket, connection: number) => void): Promise<string> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    handle(socket, ++connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

describe('migrations', () => {
  test('run once, in the schema of the app, however many processes start together', async () => {
    const sources = await Promise.all([open(), open(), open(), open()]);
    expect(await executedMigrations()).toEqual(['CreateThings1700000000001', 'IndexThings1700000000002']);
    for (const source of sources) expect(await source.query('SELECT * FROM app.things')).toEqual([]);
  });

  test('that are new run at the next start', async () => {
    await open({ migrations: [CreateThings1700000000001] });
    expect(await executedMigrations()).toEqual(['CreateThings1700000000001']);
    await open();
    expect(await executedMigrations()).toEqual(['CreateThings1700000000001', 'IndexThings1700000000002']);
  });

  test('that fail leave nothing behind: no half table, no lock, no connection', async () => {
    const migrations = [...settings.migrations, Broken1700000000003];
    await expect(open({ migrations })).rejects.toThrow('nonsense');
    await until(async () => (await openConnections()) === 0);
    expect((await observer.query(`SELECT to_regclass('app.half_done') AS found`)).rows).toEqual([{ found: null }]);
    await open();
    expect(await executedMigrations()).toEqual(['CreateThings1700000000001', 'IndexThings1700000000002']);
  });

  test('of two apps in one database do not meet', async () => {
    await open();
    await open({ schema: 'other', migrations: [] });
    const { rows } = await observer.query<{ count: number }>('SELECT count(*)::int FROM other.migrations');
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('a user who may not create schemas', () => {
  let url = '';

  beforeEach(async () => {
    const user = freshName();
    await observer.query(`CREATE ROLE ${user} LOGIN PASSWORD 'limited'`);
    releases.push(() => observer.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`));
    url = changed(database.url, { username: user, password: 'limited' });
  });

  test('is told which one is missing', async () => {
    const { message } = await startErrorOf(open({ url }));
    expect(message).toContain('does not let this user create or change the schema app');
    expect(message).not.toContain('limited');
    await until(async () => (await openConnections()) === 0);
  });

  test('works in one that was made for them', async () => {
    await observer.query(`CREATE SCHEMA app AUTHORIZATION ${new URL(url).username}`);
    await open({ url });
    expect(await executedMigrations()).toHaveLength(2);
  });
});

describe('waiting for the database', () => {
  const wait = (url: string, deadlineMs: number, tls?: DataSourceSettings['tls']) =>
    waitForDatabase({ url, tls, applicationName: 'tidings-test' }, deadlineMs);

  test('ends when it is there', async () => {
    await wait(database.url, 10_000);
  });

  test('goes on while connections are reset, and until it is there', async () => {
    const { hostname, port } = new URL(database.url);
    const proxy = await listenWith((socket, connection) => {
      if (connection < 4) socket.resetAndDestroy();
      else socket.pipe(connect(Number(port), hostname).on('error', () => undefined)).pipe(socket);
    });
    await wait(changed(database.url, { port: proxy }), 20_000);
  });

  test('goes on while it starts up', async () => {
    const { hostname, port } = new URL(database.url);
    const proxy = await listenWith((socket, connection) => {
      if (connection < 3) socket.once('data', () => socket.end(refusal('57P03', 'the database system is starting up')));
      else socket.pipe(connect(Number(port), hostname).on('error', () => undefined)).pipe(socket);
    });
    await wait(changed(database.url, { port: proxy }), 20_000);
  });

  test('ends at the deadline where nobody listens, naming host and port only', async () => {
    const port = await listenWith(() => undefined);
    await releases.pop()?.();
    const { message } = await startErrorOf(wait(changed(database.url, { port, password: 'hunter2' }), 600));
    expect(message).toBe(
      `PostgreSQL at 127.0.0.1:${port} cannot be reached (ECONNREFUSED). Start it, or correct DATABASE_URL.`,
    );
  });

  test('ends at the deadline where somebody listens and never answers', async () => {
    const port = await listenWith(() => undefined);
    const { message } = await startErrorOf(wait(changed(database.url, { port }), 800));
    expect(message).toContain(`PostgreSQL at 127.0.0.1:${port} cannot be reached`);
  });

  // A deadline longer than the test may take: these must not wait for it.
  test.each([
    ['a wrong password', { password: 'hunter2' }, 'refused the login (SQLSTATE 28P01)'],
    ['an unknown user', { username: 'nobody', password: 'hunter2' }, 'refused the login (SQLSTATE 28'],
    ['an unknown database', { pathname: '/nowhere' }, 'has no database named "nowhere"'],
  ])('ends at once with %s', async (_, changes, expected) => {
    const { message } = await startErrorOf(wait(changed(database.url, changes), 600_000));
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });

  test('ends at once where TLS is asked for and the server has none', async () => {
    const { message } = await startErrorOf(wait(database.url, 600_000, { verify: true }));
    expect(message).toContain('does not support SSL');
    expect(message).toContain('sslmode');
  });
});

describe('errors of a real server', () => {
  test.each([
    ['a doubled key', 'INSERT INTO app.things VALUES (1), (1)', 'data'],
    ['a missing value', `INSERT INTO app.things (id, kind) VALUES (1, NULL)`, 'data'],
    ['\\u0000 in jsonb', `INSERT INTO app.things VALUES (1, 'a', '"\\u0000"')`, 'data'],
    [
      'a key too large for its index',
      `INSERT INTO app.things SELECT 1, string_agg(md5(n::text), '') FROM generate_series(1, 10000) n`,
      'data',
    ],
    ['a connection that is cut', 'SELECT pg_terminate_backend(pg_backend_pid())', 'unavailable'],
    ['a table that is not there', 'SELECT * FROM app.nothing', 'other'],
  ])('%s', async (_, statement, kind) => classifiedAs(statement, kind));

  test.skipIf(CLOCK_IS_SHIFTED)('a statement that takes too long', async () =>
    classifiedAs(`SET statement_timeout = 20; SELECT pg_sleep(10)`, 'contention'),
  );

  async function classifiedAs(statement: string, kind: string): Promise<void> {
    const dataSource = await open();
    const error: unknown = await dataSource.query(statement).catch((reason: unknown) => reason);
    expect(classifyDatabaseError(error)).toBe(kind);
    const direct: unknown = await poolOf(dataSource)
      .query(statement)
      .catch((reason: unknown) => reason);
    expect(classifyDatabaseError(direct)).toBe(kind);
  }
});

test('idle connections that break do no harm', async () => {
  const dataSource = await open();
  await dataSource.query('SELECT 1');
  await observer.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidings-test' AND datname = current_database()`,
  );
  await until(async () => (await openConnections()) === 0);
  expect(await until(() => dataSource.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

test('the module opens it with the application and closes it after', async () => {
  const app = await createHttpApplication(DatabaseModule.forRoot(settings), createLog('test', 'fatal'));
  const { rows } = await app.get(Pool).query('SELECT count(*)::int FROM app.things');
  expect(rows).toEqual([{ count: 0 }]);
  expect(await openConnections()).toBeGreaterThan(0);
  await app.close();
  await until(async () => (await openConnections()) === 0);
});

test('the module that cannot have its database ends the start with one clear reason', async () => {
  const url = changed(database.url, { password: 'hunter2' });
  const module = DatabaseModule.forRoot({ ...settings, url });
  const { message } = await startErrorOf(createHttpApplication(module, createLog('test', 'fatal')));
  expect(message).toContain('refused the login');
});

/** PostgreSQL's way of saying no to a connection. */
function refusal(sqlstate: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
