import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '@tidings/runtime';
import type { DataDirectory } from './data-directory.js';
import { isRunning, parseIdentity, type ProcessIdentity, processOf } from './process-identity.js';

const POLL_MS = 20;
const LOG_LINES_SHOWN = 12;

/** One step of ending a process: a signal, and how long it may take to obey. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly withinMs: number;
}

export interface ServerCommand {
  /** For messages, as "Kafka". */
  readonly name: string;
  /** For files in the data directory, as "kafka". */
  readonly key: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly account?: { readonly uid: number; readonly gid: number };
  /** From the polite signal to the one that cannot be refused. */
  readonly stopSteps: readonly StopStep[];
}

/**
 * A server that runs as our child, in a process group of its own: Ctrl-C in the terminal reaches only us, and we stop
 * it when nobody needs it any more. It is written down in the data directory, so that the next start finds it when we
 * are killed before we could.
 */
export class ServerProcess {
  /** Settles when the process has ended, with how. */
  readonly ended: Promise<string>;
  private endedHow: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly command: ServerCommand,
    private readonly logFile: string,
    private readonly recordFile: string,
  ) {
    // The last resort, should this process end by a way that stops nothing (an uncaught error): leave no child behind.
    const killAtExit = (): void => void this.child.kill(this.command.stopSteps.at(-1)?.signal ?? 'SIGKILL');
    process.on('exit', killAtExit);
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        process.off('exit', killAtExit);
        this.endedHow = signal === null ? `exit code ${code}` : `signal ${signal}`;
        rmSync(this.recordFile, { force: true });
        resolve(this.endedHow);
      });
    });
  }

  /**
   * Starts a server. Its output goes to `<key>.log` in the data directory, what the previous run wrote to `<key>.log.1`.
   *
   * @throws {StartError} when the program cannot be started
   */
  static async spawn(command: ServerCommand, directory: DataDirectory): Promise<ServerProcess> {
    const logFile = directory.file(`${command.key}.log`);
    if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
    // A file and no pipe: the server must not stumble over a closed pipe when we are killed.
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn(command.command, command.args, {
        cwd: command.cwd,
        detached: true,
        stdio: ['ignore', log, log],
        ...command.account,
      });
      const failure = new Promise<Error>((resolve) => child.on('error', resolve));
      if (child.pid === undefined) {
        throw new StartError(`${command.name} could not be started: ${(await failure).message}`);
      }
      const recordFile = recordOf(command.key, directory);
      const running = processOf(child.pid);
      if (running !== undefined)
        writeFileSync(recordFile, JSON.stringify({ pid: running.pid, started: running.started }));
      return new ServerProcess(child, command, logFile, recordFile);
    } finally {
      closeSync(log);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What the server has written since it was started. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /**
   * Waits until the server does its work.
   *
   * @param isReady asked again and again
   * @throws {StartError} with the end of the server's log when it ends instead, or takes too long (it is stopped then)
   */
  async ready(isReady: () => Promise<boolean>, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.endedHow === undefined) {
      // Asked before the end is looked at once more: a foreign server that answers must not pass for one that has died.
      if ((await isReady()) && this.endedHow === undefined) return;
      if (performance.now() > deadline) {
        await this.stop();
        throw new StartError(this.failure(`did not become ready within ${Math.round(withinMs / 1_000)} s`));
      }
      await Promise.race([this.ended, delay(POLL_MS)]);
    }
    throw new StartError(this.failure(`ended while it was starting (${this.endedHow})`));
  }

  /**
   * Ends the server, by the polite signal first, and gives how it ended.
   *
   * @param steps other ones than its usual
   */
  async stop(steps: readonly StopStep[] = this.command.stopSteps): Promise<string> {
    for (const { signal, withinMs } of steps) {
      if (this.endedHow !== undefined) break;
      this.child.kill(signal);
      await endsWithin(this.ended, withinMs);
    }
    return this.ended;
  }

  private failure(what: string): string {
    const lines = this.log().trim().split('\n').slice(-LOG_LINES_SHOWN);
    return [`${this.command.name} ${what}. The end of ${this.logFile}:`, ...lines.map((line) => `  ${line}`)].join(
      '\n',
    );
  }
}

/**
 * Stops the server that an earlier instance left running in a data directory which we now hold. The process is
 * touched only where it started when the record says and its command line names this directory: its number may
 * belong to another program by now.
 *
 * @returns the number of the process that was stopped
 */
export async function stopOrphan(
  { key, stopSteps }: Pick<ServerCommand, 'key' | 'stopSteps'>,
  directory: DataDirectory,
): Promise<number | undefined> {
  const recordFile = recordOf(key, directory);
  if (!existsSync(recordFile)) return undefined;
  const orphan = parseIdentity(readFileSync(recordFile, 'utf8'));
  const ours = orphan !== undefined && isOurs(orphan, directory);
  if (ours) await endProcess(orphan, stopSteps);
  rmSync(recordFile, { force: true });
  return ours ? orphan.pid : undefined;
}

function isOurs(identity: ProcessIdentity, directory: DataDirectory): boolean {
  const running = processOf(identity.pid);
  return running?.started === identity.started && running.command.includes(directory.path);
}

async function endProcess(identity: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  for (const { signal, withinMs } of steps) {
    if (!isRunning(identity)) return;
    process.kill(identity.pid, signal);
    const deadline = performance.now() + withinMs;
    while (isRunning(identity) && performance.now() < deadline) await delay(POLL_MS);
  }
}

async function endsWithin(ended: Promise<unknown>, withinMs: number): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([ended, delay(withinMs, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function recordOf(key: string, directory: DataDirectory): string {
  return directory.file(`${key}.process.json`);
}
