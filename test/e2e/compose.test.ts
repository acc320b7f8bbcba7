import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type App, type AppProcess, startApp } from '../harness/app-process.js';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.js';
import { freshName, freshPrefix } from '../harness/fresh-names.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import { environmentOf, readCompose } from '../unit/house/compose-file.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

/** The processes of deploy/compose.yaml with its own environment; only the addresses of the servers are others. */
describe('the processes of the compose file', () => {
  const { services } = readCompose();
  const processes = new Map<string, AppProcess>();
  const role = freshName();
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase(inject('databaseUrl'));
    const servers = { KAFKA_BROKERS: inject('brokers'), TIDINGS_PREFIX: freshPrefix(), KAFKA_PARTITIONS: '2' };
    const apps = Object.entries(services).filter(([, { build }]) => build !== undefined);
    const appUrl = await appRole();
    const begin = async ([name, service]: (typeof apps)[number]): Promise<void> => {
      const own = environmentOf(service, {
        TIDINGS_ADMIN_TOKEN: TOKEN,
        POSTGRES_PASSWORD: 'any',
        POSTGRES_APP_PASSWORD: 'any',
        TIDINGS_SECRET_KEY: randomBytes(32).toString('base64'),
      });
      const { DATABASE_OWNER_URL: owner } = own;
      const urls = { DATABASE_URL: appUrl, ...(owner !== undefined && { DATABASE_OWNER_URL: database.url }) };
      const env = { ...own, ...servers, ...urls };
      processes.set(name, await startApp(own['TIDINGS_APP'] as App, env));
    };
    // In the order that depends_on says.
    const waiting = ([, { depends_on: needs = {} }]: (typeof apps)[number]): boolean =>
      apps.some(([name]) => name in needs);
    await Promise.all(apps.filter((app) => !waiting(app)).map(begin));
    await Promise.all(apps.filter(waiting).map(begin));
  });
  afterAll(async () => {
    await Promise.all([...processes.values()].map((one) => one.stop()));
    await database.drop();
  });

  /** What deploy/postgres-roles.sh makes. @returns how the apps connect */
  async function appRole(): Promise<string> {
    const client = new Client(database.url);
    await client.connect();
    try {
      await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'any'`);
      await client.query(`GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${role}`);
    } finally {
      await client.end();
    }
    return Object.assign(new URL(database.url), { username: role, password: 'any' }).href;
  }

  const urlOf = (name: string): string => processes.get(name)?.url ?? '';

  it('are well, by the health check that the containers have', () => {
    expect(processes.size).toBe(7);
    for (const { url } of processes.values()) {
      const env = { PORT: new URL(url).port };
      const { status, stderr } = spawnSync(process.execPath, [join(REPOSITORY, 'deploy/probe.mjs'), 'ready'], { env });
      expect({ status, said: stderr.toString() }).toEqual({ status: 0, said: '' });
    }
  });

  it('take an event in by one, store it by another, and show it by the third', async () => {
    const sample = readFileSync(join(REPOSITORY, 'test/samples/ibm-cloudevents.ndjson'), 'utf8');
    const taken = await fetch(`${urlOf('gateway')}/v1/ingest/ibm`, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/x-ndjson' },
      body: sample,
    });
    expect(taken.status).toBe(202);

    const stored = await until(async () => {
      const answer = await fetch(`${urlOf('events-api')}/api/events/count/`, { headers: AUTHORIZED });
      const { count } = (await answer.json()) as { count: number };
      return count === sample.trim().split('\n').length ? count : undefined;
    });
    expect(stored).toBe(11);
  });

  it('know a token that one of them made', async () => {
    const made = await fetch(`${urlOf('events-api')}/api/tokens/`, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'a publisher', permissions: ['events:publish'], sources: ['/lxd/*'] }),
    });
    expect(made.status).toBe(201);
    const { token } = (await made.json()) as { token: string };
    const publishFrom = async (system: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
      const url = `${urlOf('gateway')}/v1/ingest/${system}`;
      return (await fetch(url, { method: 'POST', headers, body: '[]' })).status;
    };
    expect(await publishFrom('lxd')).toBe(202);
    expect(await publishFrom('ibm')).toBe(403);
  });

  it('do what is theirs and no more', async () => {
    const statusOf = async (name: string, path: string): Promise<number> =>
      (await fetch(`${urlOf(name)}${path}`, { headers: AUTHORIZED })).status;

    expect(await statusOf('events-api', '/api/events/')).toBe(200);
    expect(await statusOf('events-ingest', '/api/events/')).toBe(404);
    expect(await statusOf('gateway', '/api/events/')).toBe(404);
    expect(await statusOf('events-api', '/v1/ingest/ibm')).toBe(404);
  });
});
