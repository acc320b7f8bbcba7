import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppProcess, startStandalone } from '../harness/app-process.js';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';

const run = promisify(execFile);

/** The commands of the README, each with the heading it stands under; `npm …` is what runs this test. */
const BLOCKS = shellBlocks(readFileSync(join(REPOSITORY, 'README.md'), 'utf8'));

let standalone: AppProcess;
let dataDir: string;

beforeAll(async () => {
  dataDir = temporaryFolder();
  standalone = await startStandalone({ TIDINGS_DATA_DIR: dataDir });
});

afterAll(async () => {
  await standalone.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the README, as somebody who has never seen this', () => {
  it('has its commands tried here', () => {
    expect(BLOCKS.map(({ heading }) => heading)).toEqual([
      'Start it',
      'Send events',
      'Send events',
      'Send events',
      'Ask',
      'Give others access',
      'Test it',
    ]);
    for (const { commands } of BLOCKS.filter(({ heading }) => ['Start it', 'Test it'].includes(heading))) {
      expect(scripts()).toContain(commands.trim().replace(/^npm (run )?/, ''));
    }
  });

  it('sends real events of four systems, twice, and finds each of them once', async () => {
    const [, token, samples] = BLOCKS;
    for (let round = 0; round < 2; round += 1) {
      const answers = await tryOut(`${token?.commands}${samples?.commands}`);
      expect(answers.map((answer) => answer['accepted'])).toEqual([41, 38, 33, 11]);
      await until(async () => (await count('')) === 123, { what: '123 events' });
    }
    const counts = await Promise.all(['waldur', 'lxd', 'cds', 'ibm'].map((system) => count(`?system=${system}`)));
    expect(counts).toEqual([41, 38, 33, 11]);
    expect(await count('')).toBe(123);
  });

  it('sends a CloudEvent, and asks', async () => {
    const [, token, , cloudEvent, questions] = BLOCKS;
    const [sent] = await tryOut(`${token?.commands}${cloudEvent?.commands}`);
    expect(sent).toMatchObject({ accepted: 1, rejected: 0 });
    await until(async () => (await count('?event_type=com.ovh.cds.ProjectCreated&message=DEMO')) === 1);
    const answers = await tryOut(`${token?.commands}${questions?.commands}`);
    expect(answers).toMatchObject([
      [{ context: {} }, { context: {} }, { context: {} }],
      { count: 41 },
      [{ event_type: 'instance-created' }, { event_type: 'instance-created' }, { event_type: 'instance-created' }],
      { type: 'com.waldur.customer_creation_succeeded', kafkaTopic: 'lifecycle.waldur.customers' },
    ]);
  });

  it('gives a reader access to the events of one system', async () => {
    const [, token] = BLOCKS;
    const access = BLOCKS.find(({ heading }) => heading === 'Give others access');
    const answers = await tryOut(`${token?.commands}${access?.commands}`);
    expect(answers).toMatchObject([{ count: 38 }, [{ action: 'token.create', after: { name: 'a reader' } }]]);
  });
});

async function count(query: string): Promise<number> {
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
  const response = await fetch(`${standalone.url}/api/events/count/${query}`, {
    headers: { authorization: `Token ${token}` },
  });
  return ((await response.json()) as { count: number }).count;
}

/** Runs commands in the repository, against this test's own instance. @returns the JSON that each of them answers */
async function tryOut(commands: string): Promise<Record<string, unknown>[]> {
  const here = commands.replaceAll('http://127.0.0.1:4100', standalone.url).replaceAll('.tidings/', `${dataDir}/`);
  // Each curl on a line of its own, so that its answer is.
  const { stdout } = await run('sh', ['-ec', here.replaceAll('curl -sS', "curl -sS --fail-with-body -w '\\n'")], {
    cwd: REPOSITORY,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function shellBlocks(markdown: string): readonly { readonly heading: string; readonly commands: string }[] {
  let heading = '';
  return [...markdown.matchAll(/^## (.*)$|^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, title, commands]) => {
    heading = title ?? heading;
    return commands === undefined ? [] : [{ heading, commands }];
  });
}

function scripts(): readonly string[] {
  const { scripts: named } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return Object.keys(named);
}
