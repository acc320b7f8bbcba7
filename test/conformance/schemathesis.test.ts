import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AppProcess, startStandalone } from '../harness/app-process.js';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const SAMPLES = { waldur: 'waldur-webhook', lxd: 'lxd-events', cds: 'cds-webhook' } as const;

/**
 * What request and answer cannot test: `/v1/stream` is an answer without end, `/1.0/events` one that HTTP ends with, for
 * a WebSocket. Both have tests of their own; hostile input for them is in test/integration/hostile.
 */
const EXCLUDED = ['/v1/stream', '/1.0/events'];
/** Event Notifications takes what its own clients send, which is more than its document says: admin-api-fuzz.test.ts. */
const ELSEWHERE = '^/event-notifications/';

const ARGUMENTS = [
  ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing,stateful'],
  // The same requests in every run: a failure can be seen again.
  ...['--generation-deterministic', '--max-examples', '6'],
  ...['--continue-on-failure', '--no-color', '--request-timeout', '60', '--suppress-health-check', 'all'],
  ...EXCLUDED.flatMap((path) => ['--exclude-path', path]),
  ...['--exclude-path-regex', ELSEWHERE],
  ...['--header', `Authorization: Bearer ${TOKEN}`],
];

/** About a minute's work for two idle cores; others may be at work on them. */
const TIMEOUT = 900_000;

/** The scripts of an environment do not find their interpreter after a move; the interpreter does find the package. */
const PROGRAM = 'from schemathesis.cli import schemathesis; schemathesis()';

const python = await pythonEnvironment();

describe.skipIf('missing' in python)('schemathesis, over the API’s document', { timeout: TIMEOUT }, () => {
  let app: AppProcess;
  let folder: string;
  let database: FreshDatabase;

  beforeAll(async () => {
    folder = temporaryFolder();
    database = await freshDatabase(inject('databaseUrl'));
    app = await startStandalone({
      KAFKA_BROKERS: inject('brokers'),
      DATABASE_URL: database.url,
      TIDINGS_PREFIX: freshPrefix(),
      TIDINGS_DATA_DIR: folder,
      TIDINGS_ADMIN_TOKEN: TOKEN,
    });
    // It takes ids out of lists, and so asks for what is there, too.
    let sent = 0;
    for (const [system, file] of Object.entries(SAMPLES)) sent += await send(system, file);
    await until(async () => (await stored()) === sent, { what: 'all events to be stored' });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(system: string, file: string): Promise<number> {
    const response = await fetch(`${app.url}/v1/ingest/${system}`, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/x-ndjson' },
      body: readFileSync(join(REPOSITORY, 'test', 'samples', `${file}.ndjson`), 'utf8'),
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { accepted: number }).accepted;
  }

  async function stored(): Promise<number> {
    const response = await fetch(`${app.url}/api/events/count/`, { headers: AUTHORIZED });
    return ((await response.json()) as { count: number }).count;
  }

  it('finds no fault by any of its checks, in any of its phases', async () => {
    if ('missing' in python) throw new Error(python.missing);
    const { code, stdout, stderr } = await python.run(
      '-c',
      [PROGRAM, 'run', `${app.url}/docs/openapi.json`, ...ARGUMENTS],
      {
        TIDINGS_URL: app.url,
        TIDINGS_TOKEN: TOKEN,
        PYTHONPATH: join(REPOSITORY, 'test', 'conformance'),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
      },
      // It keeps a cache in the folder that it is called in.
      { cwd: folder, timeout: TIMEOUT },
    );
    expect(`${stdout}${stderr}`, 'schemathesis’s own report').toMatch(/No issues found/);
    expect(code).toBe(0);
    for (const phase of ['Examples', 'Coverage', 'Fuzzing', 'Stateful']) expect(stdout).toContain(`✅ ${phase}`);
    expect(Number(/(\d+) generated/.exec(stdout)?.[1])).toBeGreaterThan(1_000);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  });
});
