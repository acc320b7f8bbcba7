import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const SAMPLES = { waldur: 'waldur-webhook', lxd: 'lxd-events', cds: 'cds-webhook' } as const;

/**
 * What request and answer cannot test: `/v1/stream` is an answer without end, `/1.0/events` one that HTTP ends with, for
 * a WebSocket. Both have tests of their own; hostile input for them is in test/integration/hostile.
 */
const EXCLUDED = ['/v1/stream', '/1.0/events'];

const ARGUMENTS = [
  ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing,stateful'],
  // The same requests in every run: a failure can be seen again.
  ...['--generation-deterministic', '--max-examples', '6'],
  ...['--continue-on-failure', '--no-color', '--request-timeout', '60', '--suppress-health-check', 'all'],
  ...EXCLUDED.flatMap((path) => ['--exclude-path', path]),
];

/** About two minutes' work for two idle cores; others may be at work on them. */
const TIMEOUT = 900_000;

/** The scripts of an environment do not find their interpreter after a move; the interpreter does find the package. */
const PROGRAM = 'from schemathesis.cli import schemathesis; schemathesis()';

const python = await pythonEnvironment();

describe.skipIf('missing' in python)('schemathesis, over the API’s document', { timeout: TIMEOUT }, () => {
  let own: OwnStandalone;

  beforeAll(async () => {
    own = await startOwnStandalone();
    // It takes ids out of lists, and so asks for what is there, too.
    let sent = 0;
    for (const [system, file] of Object.entries(SAMPLES)) sent += await send(system, file);
    await until(async () => (await stored()) === sent, { what: 'all events to be stored' });
  });
  afterAll(async () => own.stop());

  function authorized(): { readonly authorization: string } {
    return { authorization: `Bearer ${own.token}` };
  }

  async function send(system: string, file: string): Promise<number> {
    const response = await fetch(`${own.app.url}/v1/ingest/${system}`, {
      method: 'POST',
      headers: { ...authorized(), 'content-type': 'application/x-ndjson' },
      body: readFileSync(join(REPOSITORY, 'test', 'samples', `${file}.ndjson`), 'utf8'),
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { accepted: number }).accepted;
  }

  async function stored(): Promise<number> {
    const response = await fetch(`${own.app.url}/api/events/count/`, { headers: authorized() });
    return ((await response.json()) as { count: number }).count;
  }

  it('finds no fault by any of its checks, in any of its phases', async () => {
    if ('missing' in python) throw new Error(python.missing);
    const { code, stdout, stderr } = await python.run(
      '-c',
      [
        PROGRAM,
        'run',
        `${own.app.url}/docs/openapi.json`,
        ...ARGUMENTS,
        '--header',
        `Authorization: Bearer ${own.token}`,
      ],
      {
        TIDINGS_URL: own.app.url,
        TIDINGS_TOKEN: own.token,
        PYTHONPATH: join(REPOSITORY, 'test', 'conformance'),
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
      },
      // It keeps a cache in the folder that it is called in.
      { cwd: own.folder, timeout: TIMEOUT },
    );
    expect(`${stdout}${stderr}`, 'schemathesis’s own report').toMatch(/(\d+) generated, \1 passed/);
    expect(code).toBe(0);
    for (const phase of ['Examples', 'Coverage', 'Fuzzing', 'Stateful']) expect(stdout).toContain(`✅ ${phase}`);
    expect(Number(/(\d+) generated/.exec(stdout)?.[1])).toBeGreaterThan(1_000);
    expect((await fetch(`${own.app.url}/health/ready`)).status).toBe(200);
  });
});
