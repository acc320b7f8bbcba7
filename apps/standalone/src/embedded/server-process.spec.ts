import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectory } from './data-directory.js';
import { processOf } from './process-identity.js';
import { type ServerCommand, ServerProcess, stopOrphan } from './server-process.js';

let folder: string;
let directory: DataDirectory;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-server-'));
  directory = DataDirectory.open(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const stopSteps = [
  { signal: 'SIGTERM', withinMs: 300 },
  { signal: 'SIGKILL', withinMs: 5_000 },
] as const;

/** A server in the shape of a script; the data directory stands on its command line, as it does on the real ones'. */
function script(code: string): ServerCommand {
  return { name: 'Pretender', key: 'pretender', command: process.execPath, args: ['-e', code, folder], stopSteps };
}

/** Ready when it has written so. */
async function started(code: string): Promise<ServerProcess> {
  const server = await ServerProcess.spawn(script(code), directory);
  await server.ready(async () => server.log().includes('ready'), 10_000);
  return server;
}

const FOREVER = 'console.log("ready"); setInterval(() => {}, 1000);';
const STUBBORN = `process.on("SIGTERM", () => {}); ${FOREVER}`;

describe('ServerProcess', () => {
  it('ends by the first signal that it obeys', async () => {
    await expect((await started(FOREVER)).stop()).resolves.toBe('signal SIGTERM');
    await expect((await started(STUBBORN)).stop()).resolves.toBe('signal SIGKILL');
  });

  it('is written down while it runs, and keeps the log of the run before', async () => {
    const record = join(folder, 'pretender.process.json');
    const server = await started(`console.log("first run"); ${FOREVER}`);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ pid: server.pid });
    await server.stop();
    expect(existsSync(record)).toBe(false);
    await (await started(FOREVER)).stop();
    expect(readFileSync(join(folder, 'pretender.log.1'), 'utf8')).toContain('first run');
  });

  it('shows the end of the log when it ends instead of becoming ready', async () => {
    const server = await ServerProcess.spawn(script('console.error("out of paper"); process.exit(3)'), directory);
    await expect(server.ready(async () => false, 10_000)).rejects.toThrow(
      /Pretender ended while it was starting \(exit code 3\)[^]*out of paper/,
    );
  });

  it('is stopped when it does not become ready in time', async () => {
    const server = await ServerProcess.spawn(script(FOREVER), directory);
    await expect(server.ready(async () => false, 200)).rejects.toThrow('did not become ready');
    await expect(server.ended).resolves.toMatch(/^signal/);
  });

  it('says so when the program is not there', async () => {
    const command = { ...script(''), command: join(folder, 'nowhere') };
    await expect(ServerProcess.spawn(command, directory)).rejects.toThrow(/^Pretender could not be started/);
  });

  it('does not get our Ctrl-C: its process group is its own', async () => {
    const server = await started(FOREVER);
    expect(() => process.kill(-server.pid, 0)).not.toThrow();
    await server.stop();
  });
});

describe('stopOrphan', () => {
  const orphanOf = (pid: number, started: string): void =>
    writeFileSync(join(folder, 'pretender.process.json'), JSON.stringify({ pid, started }));

  async function withProcess(
    args: readonly string[],
    act: (pid: number, started: string) => Promise<void>,
  ): Promise<void> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', ...args], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      await act(child.pid ?? 0, processOf(child.pid ?? 0)?.started ?? '');
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  }

  it('ends the process that was written down', async () => {
    await withProcess([folder], async (pid, startedAt) => {
      orphanOf(pid, startedAt);
      await expect(stopOrphan(script(''), directory)).resolves.toBe(pid);
      expect(processOf(pid)).toBeUndefined();
    });
  });

  it('leaves a process alone that started at another time', async () => {
    await withProcess([folder], async (pid) => {
      orphanOf(pid, 'another time');
      await expect(stopOrphan(script(''), directory)).resolves.toBeUndefined();
      expect(processOf(pid)).toBeDefined();
    });
  });

  it('leaves a process alone that has nothing to do with this directory', async () => {
    await withProcess(['/another/directory'], async (pid, startedAt) => {
      orphanOf(pid, startedAt);
      await expect(stopOrphan(script(''), directory)).resolves.toBeUndefined();
      expect(processOf(pid)).toBeDefined();
    });
  });
});
