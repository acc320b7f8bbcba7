import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type StatusLine, statusLine } from '@tidings/runtime';
import type { DataDirectory } from './data-directory.js';
import { claimPort } from './free-port.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
import { initialisePostgres } from './postgres-initialisation.js';
import { processOf } from './process-identity.js';
import { withProgress } from './progress.js';
import { type AccountChange, accountFor } from './server-account.js';
import { ServerProcess, stopOrphan, type StopStep } from './server-process.js';

const HOST = '127.0.0.1';
const KEY = 'postgres';
/** The superuser; only the start itself uses it, and it owns what the apps may not change. */
const OWNER = 'tidings';
/** What the apps connect as. */
const USER = 'tidings_app';
/** Tokens and the audit log. */
const OWNERS_SCHEMA = 'access';
const DATABASE = 'tidings';
const READY_WITHIN_MS = 60_000;
const LEFTOVERS_GO_WITHIN_MS = 10_000;

/** PostgreSQL's "fast" (sessions are ended, everything is written), "immediate" (a crash that it repairs), and the axe. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGINT', withinMs: 5_000 },
  { signal: 'SIGQUIT', withinMs: 1_500 },
  { signal: 'SIGKILL', withinMs: 1_000 },
];

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: HOST,
  // Their path may have 107 characters at most, which a data directory easily exceeds.
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface EmbeddedPostgresOptions {
  readonly directory: DataDirectory;
  /** 0 chooses a free one. */
  readonly port: number;
  /** Server settings over the usual ones. `fsync: 'off'` is for tests alone. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly progress?: StatusLine;
}

/** The real PostgreSQL as a child process, on the loopback alone; run as root, it belongs to another account. */
export class EmbeddedPostgres {
  private server: ServerProcess | undefined;
  private port: number;
  private password = '';
  private ownerPassword = '';

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.port = options.port;
  }

  /** Stops the server that a killed instance left running in a data directory which is ours now. {@link start} does this too. */
  static async stopOrphan(directory: DataDirectory): Promise<void> {
    await stopOrphan({ key: KEY, stopSteps: STOP_STEPS }, directory);
  }

  /** Where clients connect to, with user and password. Known once it has started. */
  get url(): string {
    return this.urlOf(USER, this.password);
  }

  /** The same as a superuser, who owns the schema `access`. */
  get ownerUrl(): string {
    return this.urlOf(OWNER, this.ownerPassword);
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.server?.pid;
  }

  /** Settles when the server has ended, by itself or stopped, with how. Never while it has not been started. */
  get ended(): Promise<string> {
    return this.server?.ended ?? new Promise(() => undefined);
  }

  /**
   * Makes the cluster the first time, starts the server, waits until it takes connections, and sees to the role of the
   * apps. May be called again after a stop; the port stays the same then.
   *
   * @param signal gives up; what runs already still has to be stopped
   * @throws {StartError} the port in use, no account to run it as root, or the server's own last words
   */
  async start(signal?: AbortSignal): Promise<void> {
    const { directory } = this.options;
    await EmbeddedPostgres.stopOrphan(directory);
    this.port = await claimPort(this.port, 'EMBEDDED_POSTGRES_PORT');
    this.ownerPassword = directory.secret('postgres-password');
    this.password = directory.secret('postgres-app-password');
    const binaries = postgresBinaries();
    const folder = directory.file(KEY);
    mkdirSync(folder, { recursive: true });
    const account = accountFor(folder, filesNeeded(binaries), {
      name: 'PostgreSQL',
      instead: 'DATABASE_URL=postgres://user:password@host/database',
    });
    const data = join(folder, 'data');
    await withProgress('Starting PostgreSQL', this.options.progress ?? statusLine, async () => {
      if (!existsSync(data)) {
        await initialisePostgres(
          { binaries, folder, data, account, user: OWNER, password: this.ownerPassword, database: DATABASE },
          signal,
        );
      }
      disownLock(data, directory);
      signal?.throwIfAborted();
      await this.launch(binaries, data, account);
      // Only now, so that loading it holds up no server.
      const { provideRole } = await import('@tidings/database');
      // Every time: in a data directory of an earlier version the apps connected as the superuser.
      await provideRole(
        { url: this.ownerUrl, applicationName: 'tidings-start', isOwner: true },
        { name: USER, password: this.password, without: [OWNERS_SCHEMA] },
      );
    });
  }

  /** Stops the server; what it has is on the disk then. */
  async stop(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  /**
   * Ends the server as a crash would, and waits until it is gone.
   *
   * @param signal SIGQUIT is PostgreSQL's own "immediate"; SIGKILL leaves even that undone
   */
  async kill(signal: 'SIGQUIT' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    await this.server?.stop([{ signal, withinMs: 10_000 }]);
    this.server = undefined;
  }

  private urlOf(user: string, password: string): string {
    return `postgres://${user}:${password}@${HOST}:${this.port}/${DATABASE}`;
  }

  private async launch(binaries: PostgresBinaries, data: string, account: AccountChange | undefined): Promise<void> {
    const settings = { ...SETTINGS, ...this.options.settings, port: String(this.port) };
    const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const command = {
      name: 'PostgreSQL',
      key: KEY,
      ...(account?.wrap(binaries.postgres, args) ?? { command: binaries.postgres, args }),
      ...(account?.ids === undefined ? {} : { account: account.ids }),
      cwd: '/',
      stopSteps: STOP_STEPS,
    };
    const deadline = performance.now() + LEFTOVERS_GO_WITHIN_MS;
    for (;;) {
      const server = await ServerProcess.spawn(command, this.options.directory);
      this.server = server;
      try {
        await server.ready(async () => takesConnections(data, server.pid), READY_WITHIN_MS);
        return;
      } catch (error) {
        // The server's own children outlive a kill -9 by a moment, and no second server starts beside them.
        if (!server.log().includes('pre-existing shared memory block') || performance.now() > deadline) throw error;
        await delay(100);
      }
    }
  }
}

function filesNeeded({ root, postgres }: PostgresBinaries): readonly string[] {
  return [
    postgres,
    join(root, 'lib'),
    join(root, 'lib', 'postgresql'),
    join(root, 'share', 'postgresql', 'postgres.bki'),
  ];
}

/**
 * The last line of the server's lock file is its state; its own pg_ctl waits for this too. The first is its number: the
 * file of a crashed one still says "ready".
 */
function takesConnections(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/**
 * After a crash the server's lock file holds a number that any program may have by now; where that one has the
 * server's account, the server takes it for a brother and does not start. We hold the data directory, so only a process
 * that was started for it can be one. The number becomes ours, the server's parent, which it disregards; the rest of
 * the file stays, since by that it finds children of the crashed one that still run.
 */
function disownLock(data: string, directory: DataDirectory): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const running = processOf(Number.parseInt(text, 10));
  if (running?.command.includes(directory.path) === true) return;
  writeFileSync(file, text.replace(/^\d+/, String(process.pid)));
}
