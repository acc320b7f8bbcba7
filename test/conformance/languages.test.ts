import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { freshName, freshPrefix } from '../harness/fresh-names.js';
import { kcatVariables } from '../harness/kcat.js';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { isMissingProgram, runProgram } from '../harness/program.js';
import { type Missing, missing, pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const EXAMPLES = join(REPOSITORY, 'examples');
const SCRIPT_LIMIT_MS = 60_000;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

const python = await pythonEnvironment(join(EXAMPLES, 'python', 'requirements.txt'));
const kcat = await kcatVariables();
const go = await goPrograms();

/** What an example reads on the bus, as all of them print it. */
interface SeenEvent {
  readonly id: string;
  readonly data: { readonly message: string };
}

describe('the examples in other languages', { timeout: 120_000 }, () => {
  const prefix = freshPrefix();
  let standalone: OwnStandalone;
  /** Ids of all that was sent, in order. */
  const sent: string[] = [];

  beforeAll(async () => {
    standalone = await startOwnStandalone({ TIDINGS_PREFIX: prefix });
  });
  afterAll(async () => {
    await standalone.stop();
    if ('folder' in go) rmSync(go.folder, { recursive: true, force: true });
  });

  async function run(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = {
      KAFKA_BROKERS: inject('brokers'),
      TIDINGS_PREFIX: prefix,
      TIDINGS_URL: standalone.app.url,
      TIDINGS_TOKEN: standalone.token,
      GROUP: freshName(),
      ...more,
    };
    const { code, stdout, stderr } = await runProgram(program, args, { env, timeout: SCRIPT_LIMIT_MS });
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    return stdout;
  }

  /** Asks the way the curl example does. */
  async function stored(name: string): Promise<{ message: string }[]> {
    return JSON.parse(await run(join(EXAMPLES, 'curl', 'query.sh'), [name])) as { message: string }[];
  }

  /** Publishes by an example that prints the id, and finds the event in the store. */
  async function publish(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const name = freshName();
    sent.push((await run(program, [...args, name], more)).trim());
    const found = await until(async () => ((await stored(name)).length > 0 ? stored(name) : undefined));
    expect(found.map(({ message }) => message)).toEqual([`Customer ${name} has been created.`]);
  }

  function events(lines: string): string[] {
    const read = lines.split('\n').filter(Boolean);
    return read.map((line) => (JSON.parse(line) as SeenEvent).id);
  }

  it('curl publishes, and asks', async () => {
    const name = freshName();
    const answer = await run(join(EXAMPLES, 'curl', 'publish.sh'), [name]);
    sent.push(UUID.exec(answer)?.[0] ?? 'an answer without an id');
    const found = await until(async () => ((await stored(name)).length > 0 ? stored(name) : undefined));
    expect(found).toHaveLength(1);
  });

  it.skipIf('missing' in python)('Python publishes, and consumes', async () => {
    if ('missing' in python) return;
    await publish(python.python, [join(EXAMPLES, 'python', 'publish.py')]);
    const read = await run(python.python, [join(EXAMPLES, 'python', 'consume.py'), String(sent.length)]);
    expect(events(read).sort()).toEqual([...sent].sort());
  });

  it.skipIf('missing' in kcat)('kcat publishes, and consumes', async () => {
    if ('missing' in kcat) return;
    await publish(join(EXAMPLES, 'kcat', 'publish.sh'), [], kcat.env);
    const read = await run(join(EXAMPLES, 'kcat', 'consume.sh'), [], kcat.env);
    expect(sent.filter((id) => !read.includes(`ce_id=${id}`))).toEqual([]);
  });

  it.skipIf('missing' in go)('Go publishes, and consumes', async () => {
    if ('missing' in go) return;
    await publish(join(go.folder, 'publish'), []);
    const read = await run(join(go.folder, 'consume'), [String(sent.length)]);
    expect(events(read).sort()).toEqual([...sent].sort());
  });
});

/** Compiles both Go examples; says aloud where there is no Go, or no way to its modules. */
async function goPrograms(): Promise<{ readonly folder: string } | Missing> {
  const folder = temporaryFolder();
  try {
    const built = await runProgram('go', ['build', '-o', `${folder}/`, './...'], { cwd: join(EXAMPLES, 'go') });
    if (built.code === 0) return { folder };
    if (/dial tcp|no such host|i\/o timeout|module lookup disabled|requires go >=/.test(built.stderr)) {
      return missing(`the Go examples cannot be built here: ${built.stderr}`);
    }
    throw new Error(built.stderr);
  } catch (error) {
    if (isMissingProgram(error)) return missing('there is no go on the PATH');
    throw error;
  }
}
