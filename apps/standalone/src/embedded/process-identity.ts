import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One process, distinguished from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the words of the operating system; on Linux with the id of the boot, since it counts from there. */
  readonly started: string;
}

interface RunningProcess extends ProcessIdentity {
  /** As it was started; spaces inside an argument cannot be told from those between them. */
  readonly command: string;
}

/**
 * The process that has a number now.
 *
 * @returns undefined where there is none, or only the remains of one that has ended
 */
export function processOf(pid: number): RunningProcess | undefined {
  return process.platform === 'linux' ? linuxProcess(pid) : listedProcess(pid);
}

/** Whether the process that was known by this identity still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return processOf(identity.pid)?.started === identity.started;
}

/** Reads a written identity; undefined for any other text. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
    const { pid, started } = value;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 && typeof started === 'string'
      ? { pid, started }
      : undefined;
  } catch {
    return undefined;
  }
}

function linuxProcess(pid: number): RunningProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    if (state === 'Z' || state === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { pid, started: `${boot}/${fields[19] ?? ''}`, command };
  } catch {
    return undefined;
  }
}

function listedProcess(pid: number): RunningProcess | undefined {
  const field = (name: string): string =>
    spawnSync('ps', ['-ww', '-o', `${name}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  const started = field('lstart');
  if (started === '' || field('stat').startsWith('Z')) return undefined;
  return { pid, started, command: field('command') };
}
