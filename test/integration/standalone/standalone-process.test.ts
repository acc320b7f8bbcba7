import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDataSource } from '@tidings/database';
import { EVENTS_MIGRATIONS, EVENTS_SCHEMA } from '@tidings/events';
import { NOTIFICATIONS_MIGRATIONS, NOTIFICATIONS_SCHEMA } from '@tidings/notifications';
import { DataDirectory, EmbeddedPostgres } from '@tidings/standalone';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppProcess, type ProcessEnvironment, startStandalone } from '../../harness/app-process.js';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { REPOSITORY } from '../../harness/repository.js';
import { until } from '../../harness/until.js';
import { runs, serverPids } from './held-server.js';

const running: AppProcess[] = [];
let folder: string;
let database: FreshDatabase;

beforeAll(async () => {
  folder = temporaryFolder();
  database = await freshDatabase(inject('databaseUrl'));
});
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** As earlier versions left it: the apps were the superuser, and what they made is his. */
async function makeOldDirectory(path: string): Promise<void> {
  const directory = DataDirectory.open(path);
  const postgres = new EmbeddedPostgres({ directory, port: 0 });
  try {
    await postgres.start();
    for (const [schema, migrations] of [
      [EVENTS_SCHEMA, EVENTS_MIGRATIONS],
      [NOTIFICATIONS_SCHEMA, NOTIFICATIONS_MIGRATIONS],
    ] as const) {
      const settings = { url: postgres.ownerUrl, applicationName: 'tidings-test', schema, migrations, poolSize: 2 };
      const dataSource = await createDataSource(settings);
      await dataSource.destroy();
    }
  } finally {
    await postgres.stop();
    directory.release();
  }
}

/** Tries what only the owner of the audit log may, with the login of the apps. */
async function expectAppendOnly(dataDir: string): Promise<void> {
  const lock = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  const client = new Client({
    host: '127.0.0.1',
    port: Number(lock.split('\n')[3]),
    user: 'tidings_app',
    password: readFileSync(join(dataDir, 'postgres-app-password'), 'utf8').trim(),
    database: 'tidings',
  });
  await client.connect();
  try {
    for (const statement of [
      'DELETE FROM access.audit',
      'UPDATE access.audit SET actor_id = $$x$$',
      'TRUNCATE access.audit',
      'ALTER TABLE access.audit DISABLE TRIGGER append_only',
      'SET session_replication_role = replica',
      'DROP SCHEMA access CASCADE',
      `COPY access.token FROM PROGRAM 'id'`,
    ]) {
      await expect(client.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
    }
  } finally {
    await client.end();
  }
}

describe('with embedded servers', () => {
  it(
    'goes on after a kill -9, belongs to one instance, and stops all of it in order',
    { timeout: 180_000 },
    async () => {
      const env = { TIDINGS_DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' };
      await makeOldDirectory(env.TIDINGS_DATA_DIR);
      const first = await startStandalone(env);
      running.push(first);
      const orphans = serverPids(env.TIDINGS_DATA_DIR);
      expect(orphans).toHaveLength(2);
      const token = readFileSync(join(env.TIDINGS_DATA_DIR, 'admin-token'), 'utf8').trim();
      await until(() => first.output.includes(`Tidings is ready at ${first.url}`), { what: 'the banner' });
      expect(first.output).not.toContain(token);
      // For the command line of this machine.
      expect(readFileSync(join(env.TIDINGS_DATA_DIR, 'server-url'), 'utf8').trim()).toBe(first.url);
      await first.stop('SIGKILL');
      expect(orphans.every(runs)).toBe(true);

      const second = await startStandalone(env);
      running.push(second);
      await until(() => !orphans.some(runs), { what: 'the orphans to be gone' });
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${second.url}/api/events/count/`, { headers });
      expect(answer.status).toBe(200);
      const made = await fetch(`${second.url}/api/tokens/`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'a reader', permissions: ['events:read'], scopes: ['*'] }),
      });
      expect(made.status).toBe(201);
      await expectAppendOnly(env.TIDINGS_DATA_DIR);
      const audit = (await (await fetch(`${second.url}/api/audit/`, { headers })).json()) as { action: string }[];
      expect(audit).toMatchObject([{ action: 'token.create' }]);

      const rival = await AppProcess.spawn('standalone', {
        ...env,
        EMBEDDED_KAFKA_PORT: '0',
        EMBEDDED_POSTGRES_PORT: '0',
      });
      await expect(rival.ended).resolves.toMatchObject({ code: 1 });
      expect(rival.output.trim()).toMatch(/^The data directory .* is in use by another instance \(process \d+\)\..*$/);

      const servers = serverPids(env.TIDINGS_DATA_DIR);
      const began = performance.now();
      await expect(second.stop('SIGTERM')).resolves.toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(servers.filter(runs)).toEqual([]);
      expect(serverPids(env.TIDINGS_DATA_DIR)).toEqual([]);
    },
  );
});

describe('under npm', () => {
  /** `npm start` as a terminal runs it: at the head of a process group of its own. */
  async function npmStart(
    env: ProcessEnvironment,
  ): Promise<{ pid: number; ended: Promise<unknown>; output(): string }> {
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: REPOSITORY,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: '0', EMBEDDED_KAFKA_PORT: '0', EMBEDDED_POSTGRES_PORT: '0', ...env },
    });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    }
    const ended = once(npm, 'exit');
    const ready = until(() => output.includes('Ctrl-C stops everything'), { timeout: 60_000, what: 'npm start' });
    await Promise.race([ready, ended]);
    expect(output).toContain('Tidings is ready at http://127.0.0.1:');
    return { pid: npm.pid ?? 0, ended, output: () => output };
  }

  const env = (): Record<string, string> => ({
    TIDINGS_DATA_DIR: join(folder, 'npm'),
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: freshPrefix(),
  });

  it.each([
    ['Ctrl-C in the terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['SIGTERM to npm', (pid: number) => process.kill(pid, 'SIGTERM')],
  ])('%s stops all of it in order', { timeout: 120_000 }, async (_, stop) => {
    const started = await npmStart(env());
    const servers = serverPids(join(folder, 'npm'));
    expect(servers).toHaveLength(1);
    stop(started.pid);
    await started.ended;
    await until(() => !runs(-started.pid), { what: 'the process group to be empty' });
    expect(servers.filter(runs)).toEqual([]);
    expect(started.output()).not.toMatch(/Closing failed|Not everything closed/);
  });

  it('kill -9 of npm stops all of it, and the next one starts at once', { timeout: 180_000 }, async () => {
    const first = await npmStart(env());
    const servers = serverPids(join(folder, 'npm'));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await npmStart(env());
    expect(runs(-first.pid)).toBe(false);
    expect(servers.filter(runs)).toEqual([]);
    process.kill(-second.pid, 'SIGINT');
    await second.ended;
  });
});
