import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VARIABLES } from '@tidings/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const DEPLOY = join(import.meta.dirname, '../../../deploy');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the image as its container would, with nothing in its environment but what is given. */
function run(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('deploy/Dockerfile', () => {
  const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const last = (keyword: string): string | undefined =>
    instructions.findLast((line) => line.startsWith(`${keyword} `))?.slice(keyword.length + 1);

  it('runs as somebody who is not root, from an official image by its version', () => {
    const finalStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
    expect(finalStage).toContain('USER node');
    expect(finalStage.indexOf('USER node')).toBeLessThan(finalStage.findIndex((line) => line.startsWith('ENTRYPOINT')));
    expect(last('ARG')).toMatch(/^NODE_IMAGE=node:\d+(\.\d+)*-[a-z]+-slim$/);
  });

  it('sets only variables that the environment parser knows, and no secret', () => {
    const names = [...(last('ENV') ?? '').matchAll(/(\w+)=/g)].map(([, name = '']) => name);
    expect(names.filter((name) => name !== 'NODE_ENV' && !Object.hasOwn(VARIABLES, name))).toEqual([]);
    expect(names.filter((name) => /TOKEN|PASSWORD|SECRET|_URL$/.test(name))).toEqual([]);
  });

  it('asks for its health by the probe, and builds by the steps that are tested', () => {
    expect(last('HEALTHCHECK')).toContain('"probe.mjs", "live"');
    expect(instructions.join('\n')).toContain('sh deploy/build-image-steps.sh /out');
    expect(existsSync(join(DEPLOY, 'build-image-steps.sh'))).toBe(true);
  });
});

describe('the entry point of the image', () => {
  let image: string;
  beforeEach(async () => {
    image = await mkdtemp(join(tmpdir(), 'tidings-image-'));
    await copyFile(join(DEPLOY, 'entrypoint.mjs'), join(image, 'entrypoint.mjs'));
    for (const app of ['gateway', 'events']) {
      await mkdir(join(image, 'apps', app, 'dist'), { recursive: true });
      await writeFile(join(image, 'apps', app, 'dist/main.js'), `process.stdout.write('${app} runs');`);
    }
  });
  afterEach(() => rm(image, { recursive: true }));

  it('runs the app that TIDINGS_APP names', async () => {
    const outcome = await run(join(image, 'entrypoint.mjs'), [], { TIDINGS_APP: 'events' });
    expect(outcome).toEqual({ code: 0, stdout: 'events runs', stderr: '' });
  });

  it.each(['', 'kafka', '../gateway', '..'])('says which apps there are when TIDINGS_APP is "%s"', async (app) => {
    const outcome = await run(join(image, 'entrypoint.mjs'), [], { TIDINGS_APP: app });
    expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'TIDINGS_APP: has to be one of events, gateway\n' });
  });
});

describe('the probe of the image', () => {
  let server: Server;
  let port: string;
  beforeEach(async () => {
    server = createServer(({ url }, answer) => answer.writeHead(url === '/health/live' ? 200 : 503).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = String((server.address() as AddressInfo).port);
  });
  afterEach(() => server.close());

  it('is content with a process that says it lives', async () => {
    expect(await run(join(DEPLOY, 'probe.mjs'), ['live'], { PORT: port })).toMatchObject({ code: 0 });
  });

  it('is not with one that is not ready', async () => {
    const outcome = await run(join(DEPLOY, 'probe.mjs'), ['ready'], { PORT: port });
    expect(outcome).toMatchObject({ code: 1, stderr: 'not ready: 503\n' });
  });

  it('is not with one that does not answer', async () => {
    await new Promise((resolve) => server.close(resolve));
    const outcome = await run(join(DEPLOY, 'probe.mjs'), ['live'], { PORT: port });
    expect(outcome).toMatchObject({ code: 1, stderr: 'not live: ECONNREFUSED\n' });
  });
});
