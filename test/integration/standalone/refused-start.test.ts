import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppProcess, type ProcessEnvironment } from '../../harness/app-process.js';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { serverPids } from './held-server.js';

let folder: string;
let database: FreshDatabase;
let taken: Server;

beforeAll(async () => {
  folder = temporaryFolder();
  database = await freshDatabase(inject('databaseUrl'));
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
});
afterAll(async () => {
  taken.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is wrong is said in one message, and nothing is left running', () => {
  const external = (): Record<string, string> => ({
    KAFKA_BROKERS: inject('brokers'),
    DATABASE_URL: database.url,
    TIDINGS_ADMIN_TOKEN: 'a-token-for-tests-of-a-start-that-is-long-enough',
  });
  const embedded = { EMBEDDED_KAFKA_PORT: '0', EMBEDDED_POSTGRES_PORT: '0' };
  const takenPort = (): string => String((taken.address() as AddressInfo).port);
  const rows: readonly (readonly [what: string, env: () => ProcessEnvironment, message: RegExp])[] = [
    ['the port', () => ({ ...external(), PORT: takenPort() }), /^Port \d+ is in use by another program.*set PORT /],
    [
      "Kafka's port",
      () => ({ ...embedded, EMBEDDED_KAFKA_PORT: takenPort() }),
      /^Port \d+ is in use by another program.*set EMBEDDED_KAFKA_PORT /,
    ],
    [
      "PostgreSQL's port",
      () => ({ ...embedded, EMBEDDED_POSTGRES_PORT: takenPort() }),
      /^Port \d+ is in use by another program.*set EMBEDDED_POSTGRES_PORT /,
    ],
    [
      'Java',
      () => ({ ...external(), KAFKA_BROKERS: undefined, EMBEDDED_KAFKA_PORT: '0', PATH: folder, JAVA_HOME: undefined }),
      /^Kafka needs Java 17[^]*install Java[^]*KAFKA_BROKERS=/,
    ],
    ['a variable', () => ({ ...external(), KAFKA_PARTITIONS: 'many' }), /^KAFKA_PARTITIONS: has to be /],
    ['the brokers', () => ({ ...external(), KAFKA_BROKERS: '127.0.0.1:1' }), /^Kafka cannot be used: .*KAFKA_BROKERS/],
    [
      'the database',
      () => ({ ...external(), DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/none' }),
      /^PostgreSQL at 127\.0\.0\.1:1 cannot be reached .*DATABASE_URL/,
    ],
  ];

  it.concurrent.each(rows)('%s', { timeout: 120_000 }, async (what, env, message) => {
    const dataDir = join(folder, what.replaceAll(/\W/g, ''));
    const app = await AppProcess.spawn('standalone', { TIDINGS_DATA_DIR: dataDir, LOG_LEVEL: 'error', ...env() });
    await expect(app.ended).resolves.toEqual({ code: 1, signal: null });
    const said = app.output.split('\n').filter((line) => line !== '' && !line.includes(' … '));
    expect(said.join('\n')).toMatch(message);
    expect(said.filter((line) => !line.startsWith(' '))).toHaveLength(1);
    expect(app.output).not.toContain('secret');
    expect(serverPids(dataDir)).toEqual([]);
  });
});
