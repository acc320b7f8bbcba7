import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@tidings/standalone';
import { cacheDirectory, temporaryFolder } from './embedded-servers.js';
import { TEST_PARTITIONS } from './fresh-names.js';
import { REPOSITORY } from './repository.js';
import { until } from './until.js';

export type App = 'gateway' | 'events' | 'notifications' | 'resource-controller' | 'standalone';

/** Variables for a process, over a clean environment; undefined takes one away. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program of ours that runs as it does in production: from what is built, as a process of its own. */
export class AppProcess {
  /** Settles when the process has ended. */
  readonly ended: Promise<ProcessEnd>;
  /** What it has printed on both streams. */
  output = '';
  private end: ProcessEnd | undefined;

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    const append = (chunk: string): void => void (this.output += chunk);
    child.stdout?.setEncoding('utf8').on('data', append);
    child.stderr?.setEncoding('utf8').on('data', append);
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.on('exit', killAtExit);
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        process.off('exit', killAtExit);
        rmSync(folder, { recursive: true, force: true });
        this.end = { code, signal };
        resolve(this.end);
      });
    });
  }

  /**
   * Starts an app in an empty folder of its own, without waiting for it.
   *
   * @param app which; it has to be built
   * @param env PORT is a free one unless it is given
   */
  static async spawn(app: App, env: ProcessEnvironment): Promise<AppProcess> {
    const folder = temporaryFolder();
    const port = env['PORT'] ?? String(await freePort());
    const child = spawn(process.execPath, [...imageFlags(), join(REPOSITORY, 'apps', app, 'dist', 'main.js')], {
      cwd: folder,
      env: { ...cleanEnvironment(), PORT: port, KAFKA_PARTITIONS: TEST_PARTITIONS, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(`http://127.0.0.1:${port}`, child, folder);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * Waits until it says that it is ready.
   *
   * @param timeout milliseconds
   * @throws {Error} with what it printed, when it ends instead or takes too long
   */
  async ready(timeout = 120_000): Promise<this> {
    const isReady = async (): Promise<boolean> =>
      this.end !== undefined || (await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;
    try {
      await until(isReady, { timeout, what: 'the process to become ready' });
    } catch (error) {
      await this.stop('SIGKILL');
      throw new Error(`It did not become ready. It printed:\n${this.output}`, { cause: error });
    }
    if (this.end !== undefined) throw new Error(`It ended while starting. It printed:\n${this.output}`);
    return this;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessEnd> {
    if (this.end === undefined) this.child.kill(signal);
    return this.ended;
  }
}

/**
 * Starts an app as a process and waits until it is ready.
 *
 * @param env usually KAFKA_BROKERS, DATABASE_URL, TIDINGS_PREFIX and TIDINGS_ADMIN_TOKEN
 */
export async function startApp(app: App, env: ProcessEnvironment): Promise<AppProcess> {
  return (await AppProcess.spawn(app, env)).ready();
}

/**
 * Starts all apps in one process and waits until it is ready; the servers that `env` does not name are embedded, on
 * free ports.
 */
export async function startStandalone(env: ProcessEnvironment): Promise<AppProcess> {
  return startApp('standalone', { EMBEDDED_KAFKA_PORT: '0', EMBEDDED_POSTGRES_PORT: '0', ...env });
}

/** Node's flags as the image sets them: what is tested and measured is what production runs. */
function imageFlags(): readonly string[] {
  const dockerfile = readFileSync(join(REPOSITORY, 'deploy', 'Dockerfile'), 'utf8');
  const entrypoint = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
  return entrypoint.filter((word) => word.startsWith('--'));
}

/** Ours without what configures a Tidings: the settings of whoever runs the tests must not reach into them. */
function cleanEnvironment(): ProcessEnvironment {
  const ours = /^(TIDINGS_|KAFKA_|DATABASE_|EMBEDDED_|VITEST|PORT$|HOST$|LOG_LEVEL$|NODE_ENV$|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(kept), TIDINGS_CACHE_DIR: cacheDirectory() };
}
