import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppProcess, startStandalone } from '../harness/app-process.js';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import { WatchedProgram } from '../harness/watched-program.js';

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
      'Ask',
      'Follow',
      'Give others access',
      'Tell others',
      'Use the command line',
      'Use the console',
      'Try a producer',
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

  it('counts by day, and exports', async () => {
    const [, token, , , , counting] = BLOCKS;
    const [histogram, ...exported] = await tryOut(`${token?.commands}${counting?.commands}`);
    expect(histogram).toMatchObject({ buckets: [{ values: { waldur: 41, lxd: 38, ibm: 11 } }] });
    expect(exported).toHaveLength(11);
    expect(Object.keys(exported[0] ?? {})).toEqual(['created', 'type', 'subject', 'outcome']);
  });

  it('follows what was stored, and what is being stored', async () => {
    const [, token] = BLOCKS;
    const follow = BLOCKS.find(({ heading }) => heading === 'Follow');
    // In place of the shell, so that it ends with it.
    const commands = here(`${token?.commands}${follow?.commands}`).replace('curl ', 'exec curl ');
    const stream = new WatchedProgram('sh', ['-ec', commands]);
    try {
      const messages = (): string[] => stream.stdout.split('\n').filter((line) => line.startsWith('data: '));
      await until(() => messages().length >= 38, { what: 'what was stored' });
      const timestamp = new Date().toISOString();
      const metadata = { action: 'instance-started', source: '/1.0/instances/followed' };
      const response = await fetch(`${standalone.url}/v1/ingest/lxd?site=followed`, {
        method: 'POST',
        headers: { authorization: `Token ${adminToken()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'lifecycle', timestamp, metadata, project: 'default' }),
      });
      expect(response.status).toBe(202);
      await until(() => messages().length >= 39, { what: 'what is being stored' });
      expect(messages()).toHaveLength(39);
      expect(messages().at(-1)).toContain('/lxd/followed');
      expect(stream.stderr).toBe('');
    } finally {
      await stream.stop();
    }
  });

  it('gives a reader access to the events of one system', async () => {
    const [, token] = BLOCKS;
    const access = BLOCKS.find(({ heading }) => heading === 'Give others access');
    const answers = await tryOut(`${token?.commands}${access?.commands}`);
    expect(answers).toMatchObject([{ count: 39 }, [{ action: 'token.create', after: { name: 'a reader' } }]]);
  });

  it('tells others of what happens to instances of one site', async () => {
    const [, token] = BLOCKS;
    const telling = BLOCKS.find(({ heading }) => heading === 'Tell others');
    const told: string[] = [];
    const listener = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        told.push((JSON.parse(body) as { type: string }).type);
        response.end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = listener.address() as AddressInfo;
      const commands = `${token?.commands}${telling?.commands}`.replaceAll(
        'http://127.0.0.1:4199',
        `http://127.0.0.1:${port}`,
      );
      const [source, subscription, taken] = await tryOut(commands);
      expect(source).toMatchObject({ enabled: true });
      expect(subscription).toMatchObject({ destination_type: 'webhook', topic_name: 'instances of rack 1' });
      expect(taken).toMatchObject({ accepted: 38 });
      const sent = await until(async () => {
        const types = await typesOf('?system=lxd&site=rack1&page_size=100');
        return told.length > 0 && told.length === types.filter((type) => type.includes('lifecycle.instance-')).length
          ? types.length
          : undefined;
      });
      expect(sent).toBeGreaterThan(told.length);
      expect(told.every((type) => type.startsWith('com.canonical.lxd.lifecycle.instance-'))).toBe(true);
    } finally {
      listener.closeAllConnections();
      listener.close();
    }
  });

  it('does the same by the command line, which finds the server and the token by itself', async () => {
    const line = BLOCKS.find(({ heading }) => heading === 'Use the command line');
    const env = { ...process.env, TIDINGS_URL: '', TIDINGS_DATA_DIR: dataDir, TIDINGS_TOKEN: '' };
    const { stdout } = await run('sh', ['-ec', line?.commands ?? ''], { cwd: REPOSITORY, env });
    expect(stdout).toMatch(/^ok +token +the one from .*admin-token is valid$/m);
    expect(stdout).not.toMatch(/^fail/m);
    expect(stdout).toMatch(/^[0-9a-f]{32}$/m);
    expect(stdout).toMatch(/^time=\S+ level=info msg=".+" type=com\.ovh\.cds\./m);
  });
});

describe('the console', () => {
  it('is opened by a link that the command line prints', async () => {
    const { commands = '' } = BLOCKS.find(({ heading }) => heading === 'Use the console') ?? {};
    const env = { ...process.env, TIDINGS_URL: standalone.url, TIDINGS_DATA_DIR: dataDir, TIDINGS_TOKEN: '' };
    const { stdout } = await run('sh', ['-ec', commands], { cwd: REPOSITORY, env });
    const link = new URL(stdout.trim());
    expect(`${link.origin}${link.pathname}`).toBe(`${standalone.url}/console/`);
    const page = await fetch(link);
    expect(page.status).toBe(200);
    const opened = await fetch(`${standalone.url}/api/sessions/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: link.hash.replace('#code=', '') }),
    });
    expect(opened.status).toBe(201);
  });
});

describe('the producer that comes along', () => {
  it('makes real events of one request', async () => {
    const [, token] = BLOCKS;
    const producer = BLOCKS.find(({ heading }) => heading === 'Try a producer');
    const [made] = await tryOut(`${token?.commands}${producer?.commands}`);
    expect(made).toMatchObject({ name: 'my-instance' });
    const own = `?subject=${encodeURIComponent(String(made?.['crn']))}`;
    await until(async () => (await typesOf(own)).length === 2);
    expect([...(await typesOf(own))].sort()).toEqual([
      'com.ibm.cloud.resource-lifecycle-events.instance:create',
      'com.ibm.cloud.resource-lifecycle-events.instance:create_inprogress',
    ]);
  });
});

async function count(query: string): Promise<number> {
  const response = await fetch(`${standalone.url}/api/events/count/${query}`, {
    headers: { authorization: `Token ${adminToken()}` },
  });
  return ((await response.json()) as { count: number }).count;
}

const adminToken = (): string => readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();

/** Commands as they are for this test's own instance. */
function here(commands: string): string {
  return commands.replaceAll('http://127.0.0.1:4100', standalone.url).replaceAll('.tidings/', `${dataDir}/`);
}

async function typesOf(query: string): Promise<readonly string[]> {
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
  const response = await fetch(`${standalone.url}/api/events/${query}&field=type`, {
    headers: { authorization: `Token ${token}` },
  });
  return ((await response.json()) as { type: string }[]).map(({ type }) => type);
}

/** Runs commands in the repository, against this test's own instance. @returns the JSON that each of them answers */
async function tryOut(commands: string): Promise<Record<string, unknown>[]> {
  // Each curl on a line of its own, so that its answer is.
  const { stdout } = await run(
    'sh',
    ['-ec', here(commands).replaceAll('curl -sS', "curl -sS --fail-with-body -w '\\n'")],
    {
      cwd: REPOSITORY,
      maxBuffer: 16 * 1024 * 1024,
    },
  );
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
