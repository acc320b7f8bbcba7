import { rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { DataDirectory, EmbeddedPostgres } from '@tidings/standalone';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { until } from '../../harness/until.js';
import { holdServer, runs } from './held-server.js';

let folder: string;
const opened: { stop(): Promise<void> }[] = [];

// One folder for all of them, since to make it takes longest: every test finds what an instance before it has left.
beforeAll(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const { stop } of opened.splice(0)) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function postgresIn(port = 0, settings: Readonly<Record<string, string>> = {}): EmbeddedPostgres {
  const directory = DataDirectory.open(folder);
  const postgres = new EmbeddedPostgres({ directory, port, settings });
  const stop = async (): Promise<void> => {
    await postgres.stop();
    directory.release();
  };
  opened.push({ stop });
  return postgres;
}

async function ask<T extends object>(url: string, statement: string): Promise<T[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}

it('keeps its data over a stop, an immediate stop and a kill', async () => {
  const postgres = postgresIn();
  await postgres.start();
  await ask(postgres.url, 'CREATE SCHEMA mine');
  await ask(postgres.url, 'CREATE TABLE mine.kept (n int)');
  const ends = [() => postgres.stop(), () => postgres.kill('SIGQUIT'), () => postgres.kill('SIGKILL')];
  for (const [index, end] of ends.entries()) {
    await ask(postgres.url, `INSERT INTO mine.kept VALUES (${index})`);
    await end();
    expect(postgres.pid).toBeUndefined();
    await postgres.start();
  }
  await expect(ask(postgres.url, 'SELECT n FROM mine.kept ORDER BY n')).resolves.toEqual([
    { n: 0 },
    { n: 1 },
    { n: 2 },
  ]);
});

it('speaks UTF-8, knows letters of all scripts, orders by code point, and has the extension for text search', async () => {
  const postgres = postgresIn();
  await postgres.start();
  await ask(postgres.url, 'CREATE EXTENSION pg_trgm');
  const rows = await ask(
    postgres.url,
    `SELECT current_setting('server_encoding') AS encoding, lower('ÄÉ') AS lower, 'Z' < 'a' AS by_code_point,
            cardinality(show_trgm('žluťoučký')) AS trigrams`,
  );
  expect(rows).toEqual([{ encoding: 'UTF8', lower: 'äé', by_code_point: true, trigrams: 10 }]);
});

it('hands the schemas of the superuser to the role of the apps, as data directories of earlier versions need it', async () => {
  const postgres = postgresIn();
  await postgres.start();
  // What an earlier version left: every schema with all that is in it was the superuser's.
  await ask(
    postgres.ownerUrl,
    `CREATE SCHEMA old;
    CREATE SEQUENCE old.place;
    CREATE TABLE old.row (n bigint GENERATED ALWAYS AS IDENTITY, at int) PARTITION BY RANGE (at);
    CREATE TABLE old.row_1 PARTITION OF old.row FOR VALUES FROM (1) TO (2);
    CREATE TABLE old.counted (n serial);
    CREATE VIEW old.all AS TABLE old.row;
    CREATE FUNCTION old.one(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    INSERT INTO old.row (at) VALUES (1);
    CREATE SCHEMA access CREATE TABLE kept (n int)`,
  );
  await expect(ask(postgres.url, 'SELECT FROM old.row')).rejects.toThrow(/permission denied/);
  await postgres.stop();
  await postgres.start();
  await ask(
    postgres.url,
    `CREATE TABLE old.row_2 PARTITION OF old.row FOR VALUES FROM (2) TO (3);
    INSERT INTO old.row (at) VALUES (2);
    DROP FUNCTION old.one(int);
    ALTER TABLE old.counted ADD COLUMN m int`,
  );
  await expect(
    ask(postgres.url, `SELECT n, at, nextval('old.place') AS place FROM old.all ORDER BY n`),
  ).resolves.toEqual([
    { n: '1', at: 1, place: '1' },
    { n: '2', at: 2, place: '2' },
  ]);
  await expect(ask(postgres.url, 'DROP SCHEMA access CASCADE')).rejects.toThrow(/must be owner of schema access/);
  await ask(postgres.url, 'DROP SCHEMA old CASCADE');
});

it.each([
  ['become a superuser', 'ALTER ROLE tidings_app SUPERUSER'],
  ['make roles', 'CREATE ROLE mine'],
  ['run programs', `COPY (SELECT 1) TO PROGRAM 'cat'`],
  ['read files of the server', `SELECT pg_read_file('PG_VERSION')`],
  ['work past triggers', 'SET session_replication_role = replica'],
  ['drop its database', 'DROP DATABASE tidings'],
  ['change what others find by a bare name', 'CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS $$SELECT 1$$'],
])('does not let the role of the apps %s', async (_, statement) => {
  const postgres = postgresIn();
  await postgres.start();
  await expect(ask(`${postgres.url.replace(/[^/]*$/, 'postgres')}`, statement)).rejects.toThrow(
    /permission denied|must be owner/,
  );
});

it('asks for its password, and listens on the loopback alone, with settings of the caller over its own', async () => {
  const postgres = postgresIn(0, { work_mem: '7MB' });
  await postgres.start();
  const withoutPassword = new URL(postgres.url);
  withoutPassword.password = 'guessed';
  await expect(ask(withoutPassword.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  const [row] = await ask(
    postgres.ownerUrl,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
            current_setting('work_mem') AS memory, current_setting('jit') AS jit`,
  );
  expect(row).toEqual({ addresses: '127.0.0.1', sockets: '', memory: '7MB', jit: 'off' });
});

it('names the port and the variable when the port is in use, and leaves nothing running', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const postgres = postgresIn(port);
    await expect(postgres.start()).rejects.toThrow(new RegExp(`^Port ${port} is in use.*EMBEDDED_POSTGRES_PORT`));
    expect(postgres.pid).toBeUndefined();
  } finally {
    server.close();
  }
});

it('stops the server that a killed process left running, and goes on with its data', async () => {
  const held = await holdServer(folder, 'postgres');
  await held.killHolder();
  expect(runs(held.serverPid)).toBe(true);
  const postgres = postgresIn();
  await postgres.start();
  await until(() => !runs(held.serverPid), { what: 'the orphan to be gone' });
  await expect(ask(postgres.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
});

it('shows what the server said when it does not start', async () => {
  const postgres = postgresIn(0, { shared_buffers: 'plenty' });
  await expect(postgres.start()).rejects.toThrow(/PostgreSQL ended while it was starting[^]*shared_buffers/);
});

it.runIf(process.getuid?.() === 0)(
  'runs for root as another account, below a folder that is closed to it',
  async () => {
    const postgres = postgresIn();
    await postgres.start();
    expect(statSync(`/proc/${postgres.pid}`).uid).not.toBe(0);
    // As mkdtemp makes it; nothing has opened it.
    const { uid, mode } = statSync(folder);
    expect([uid, mode & 0o777]).toEqual([0, 0o700]);
  },
);
