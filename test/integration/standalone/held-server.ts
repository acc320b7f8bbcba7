import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../harness/embedded-servers.js';

/** Another process that runs an embedded server in a data directory. */
export interface HeldServer {
  readonly holderPid: number;
  readonly serverPid: number;
  /** kill -9 of the holder: what it started stays. */
  killHolder(): Promise<void>;
}

/** Starts that process and waits until its server runs. */
export async function holdServer(folder: string, kind: 'kafka' | 'postgres'): Promise<HeldServer> {
  const script = join(import.meta.dirname, 'server-holder.mjs');
  const holder = spawn(process.execPath, [script, folder, cacheDirectory(), kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const [line] = (await Promise.race([once(holder.stdout, 'data'), ended])) as [Buffer | number | null];
  if (!(line instanceof Buffer)) throw new Error(`The holder of ${kind} ended with ${String(line)}`);
  return {
    holderPid: holder.pid ?? 0,
    serverPid: Number(line.toString()),
    killHolder: async () => {
      holder.kill('SIGKILL');
      await ended;
    },
  };
}

/** Whether a process has this number; one that has ended and waits to be collected does not count. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Numbers of the servers that run for a data directory, as the directory has them. */
export function serverPids(dataDir: string): number[] {
  return ['kafka', 'postgres']
    .map((key) => join(dataDir, `${key}.process.json`))
    .filter((file) => existsSync(file))
    .map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
}
