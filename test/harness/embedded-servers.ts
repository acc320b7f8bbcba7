import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectory, EmbeddedKafka, EmbeddedPostgres } from '@tidings/standalone';

const PREFIX = 'tidings-test-';

export interface EmbeddedServersOptions {
  readonly kafkaSettings?: Readonly<Record<string, string>>;
  /** Instead of the small ones of `npm start`. */
  readonly kafkaJvmFlags?: readonly string[];
  /** Over the usual ones; tests that measure nothing may turn `fsync` off. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
}

/** A Kafka and a PostgreSQL of our own on free ports, in a folder that goes with them. */
export interface EmbeddedServers {
  readonly kafka: EmbeddedKafka;
  readonly postgres: EmbeddedPostgres;
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

/** Starts both, side by side; about three seconds. */
export async function startEmbeddedServers(options: EmbeddedServersOptions = {}): Promise<EmbeddedServers> {
  await removeAbandoned();
  const directory = DataDirectory.open(temporaryFolder());
  const kafka = new EmbeddedKafka({
    directory,
    cacheDirectory: cacheDirectory(),
    port: 0,
    // So that each test need not log in; embedded-kafka.test.ts tests the login.
    isOpen: true,
    ...(process.env['JAVA_HOME'] === undefined ? {} : { javaHome: process.env['JAVA_HOME'] }),
    ...(options.kafkaSettings === undefined ? {} : { settings: options.kafkaSettings }),
    ...(options.kafkaJvmFlags === undefined ? {} : { jvmFlags: options.kafkaJvmFlags }),
  });
  const postgres = new EmbeddedPostgres({
    directory,
    port: 0,
    ...(options.postgresSettings === undefined ? {} : { settings: options.postgresSettings }),
  });
  const stop = async (): Promise<void> => {
    await Promise.all([kafka.stop(), postgres.stop()]);
    directory.release();
    rmSync(directory.path, { recursive: true, force: true });
  };
  const started = await Promise.allSettled([kafka.start(), postgres.start()]);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { kafka, postgres, stop };
}

/** A new folder, empty, whose name says which process has made it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Where the jars are kept, as the app itself finds it. */
export function cacheDirectory(): string {
  return (
    process.env['TIDINGS_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tidings')
  );
}

/** What a killed test run left behind: servers that still run, and folders. */
async function removeAbandoned(): Promise<void> {
  const abandoned = readdirSync(tmpdir()).filter((name) => {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    return pid !== undefined && !existsProcess(Number(pid));
  });
  for (const folder of abandoned.map((name) => join(tmpdir(), name))) {
    try {
      const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      for (const path of [folder, ...below.map((entry) => join(folder, entry.name))]) {
        if (!existsSync(join(path, 'instance.json'))) continue;
        const directory = DataDirectory.open(path);
        await Promise.all([EmbeddedKafka.stopOrphan(directory), EmbeddedPostgres.stopOrphan(directory)]);
      }
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // In use by a program that outlives its test, or not ours to remove.
    }
  }
}

function existsProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's, then.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
