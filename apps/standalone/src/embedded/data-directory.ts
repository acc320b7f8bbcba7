import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '@tidings/runtime';
import { isRunning, parseIdentity, type ProcessIdentity, processOf } from './process-identity.js';

const LOCK_FILE = 'instance.json';
/** Stands beside the lock while its holder stops. */
const STOPPING_FILE = 'instance.stopping';
/** Where the server is, for the command line of this machine; there while it runs. */
const URL_FILE = 'server-url';
const STOPS_WITHIN_MS = 10_000;
const POLL_MS = 50;
const SECRET_BYTES = 32;

/**
 * The folder in which one instance keeps everything: the embedded servers' data, their logs, secrets. It belongs to one
 * process at a time. For its holder, any server that still runs in it is an orphan.
 */
export class DataDirectory {
  private constructor(
    /** Absolute, without symbolic links. */
    readonly path: string,
    private readonly owner: ProcessIdentity,
  ) {}

  /**
   * Takes the folder, which is made where it is missing.
   *
   * @param path absolute
   * @throws {StartError} when another instance has it, or it cannot be written to
   */
  static open(path: string): DataDirectory {
    const owner = processOf(process.pid);
    if (owner === undefined) throw new StartError('This process cannot find itself among the running ones.');
    const identity = { pid: owner.pid, started: owner.started };
    try {
      // As root, the servers' own accounts have to pass through it.
      mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
      const directory = new DataDirectory(realpathSync(path), identity);
      directory.lock();
      return directory;
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      throw new StartError(
        `The data directory ${path} cannot be used (${code}). Make it writable for this user, or set TIDINGS_DATA_DIR to another one.`,
      );
    }
  }

  /** Resolves when no instance that is about to stop has the folder, or after the longest time that this may take. */
  static async whenNotStopping(path: string): Promise<void> {
    const deadline = performance.now() + STOPS_WITHIN_MS;
    while (existsSync(join(path, STOPPING_FILE)) && performance.now() < deadline) {
      const holder = holderOf(path);
      if (holder === undefined || !isRunning(holder)) return;
      await delay(POLL_MS);
    }
  }

  /** A path below the folder. */
  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /**
   * A random secret that is made once and then kept, readable by the owner alone.
   *
   * @param name of its file
   * @returns 256 random bits in base64url
   */
  secret(name: string): string {
    const file = this.file(name);
    try {
      const kept = readFileSync(file, 'utf8').trim();
      if (kept !== '') return kept;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    this.writePrivate(name, `${secret}\n`);
    return secret;
  }

  /** Writes a file that its owner alone may read. */
  writePrivate(name: string, content: string): void {
    const partial = this.file(`${name}.${randomBytes(4).toString('hex')}`);
    writeFileSync(partial, content, { mode: 0o600 });
    renameSync(partial, this.file(name));
  }

  /** Lets the command line find the server that has the folder. */
  announceUrl(url: string): void {
    if (this.isHeld()) this.writePrivate(URL_FILE, `${url}\n`);
  }

  /** Lets an instance that starts now wait for this one to stop. */
  announceStop(): void {
    if (this.isHeld()) writeFileSync(this.file(STOPPING_FILE), '');
  }

  /** Lets another instance have the folder. */
  release(): void {
    if (!this.isHeld()) return;
    rmSync(this.file(URL_FILE), { force: true });
    rmSync(this.file(STOPPING_FILE), { force: true });
    rmSync(this.file(LOCK_FILE), { force: true });
  }

  private isHeld(): boolean {
    const holder = holderOf(this.path);
    return holder?.pid === this.owner.pid && holder.started === this.owner.started;
  }

  private lock(): void {
    for (;;) {
      if (createFile(this.file(LOCK_FILE), JSON.stringify(this.owner))) {
        // Of a holder that was killed.
        rmSync(this.file(URL_FILE), { force: true });
        rmSync(this.file(STOPPING_FILE), { force: true });
        return;
      }
      const holder = holderOf(this.path);
      if (holder !== undefined && isRunning(holder)) {
        throw new StartError(
          `The data directory ${this.path} is in use by another instance (process ${holder.pid}). Stop that one, or set TIDINGS_DATA_DIR to another directory.`,
        );
      }
      this.removeStaleLock(holder);
    }
  }

  /** Two that start at once may both find the same stale lock; the second must not remove the first one's new lock. */
  private removeStaleLock(stale: ProcessIdentity | undefined): void {
    const aside = this.file(`${LOCK_FILE}.${randomBytes(4).toString('hex')}`);
    try {
      renameSync(this.file(LOCK_FILE), aside);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw error;
    }
    const taken = parseIdentity(readFileSync(aside, 'utf8'));
    if (taken !== undefined && taken.started !== stale?.started && isRunning(taken)) {
      renameSync(aside, this.file(LOCK_FILE));
    } else {
      rmSync(aside, { force: true });
    }
  }
}

/** The process in the lock of a folder; undefined where it is not locked. */
function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return parseIdentity(readFileSync(join(path, LOCK_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Creates a file, at once with its content, unless there is one already; false when there is. */
function createFile(path: string, content: string): boolean {
  const partial = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(partial, content);
    linkSync(partial, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(partial, { force: true });
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
