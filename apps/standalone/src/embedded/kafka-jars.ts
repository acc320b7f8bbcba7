import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StartError, type StatusLine } from '@tidings/runtime';
import { type JarSource, jarFileOf, mavenCentral, mavenProgram } from './jar-sources.js';
import { withProgress } from './progress.js';

export interface LockedJar {
  /** group:artifact:version */
  readonly coordinates: string;
  readonly sha256: string;
}

interface JarLock {
  readonly kafka: string;
  readonly jars: readonly LockedJar[];
}

/** Folders of fetches that were killed are thrown away after a day: nothing is fetched for that long. */
const FETCH_PREFIX = '.fetch-';
const ABANDONED_AFTER_MS = 86_400_000;
const CHECKS_AT_ONCE = 4;

/** Which Kafka it is, and every jar of it; written by `npm run lock-kafka-jars`. */
export function kafkaJarLock(): JarLock {
  return JSON.parse(readFileSync(new URL('./kafka-jars.json', import.meta.url), 'utf8')) as JarLock;
}

/**
 * The broker's jars, whole and unchanged: from the cache where they are there, fetched where not. Several processes may
 * do this at once.
 *
 * @param cacheDirectory absolute; shared by all clones of a user
 * @param signal gives up
 * @param lock which jars, and what they have to look like
 * @param sources asked one after the other for what is missing
 * @returns the paths of the jars
 * @throws {StartError} when a jar is nowhere to be had
 */
export async function cachedKafkaJars(
  cacheDirectory: string,
  out: StatusLine,
  signal?: AbortSignal,
  lock: JarLock = kafkaJarLock(),
  sources: readonly JarSource[] = [mavenProgram, mavenCentral],
): Promise<readonly string[]> {
  const folder = join(cacheDirectory, 'kafka-jars');
  const pathOf = (jar: LockedJar): string => join(folder, jarFileOf(jar.coordinates));
  // Checked at every start, 0.1 s for 43 MB: a damaged cache repairs itself.
  let missing = await without(lock.jars, (jar) => isIntact(pathOf(jar), jar));
  const reasons: string[] = [];
  for (const source of sources) {
    if (missing.length === 0) break;
    signal?.throwIfAborted();
    await withProgress(`Fetching Kafka ${lock.kafka} (${source.name})`, out, async (say) => {
      const staging = makeStaging(folder);
      try {
        await source.fetch(
          missing.map(({ coordinates }) => coordinates),
          staging,
          say,
          signal,
        );
      } catch (error) {
        reasons.push(`  ${source.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      // A source that failed half-way has brought something all the same.
      missing = await without(missing, async (jar) =>
        adopt(join(staging, jarFileOf(jar.coordinates)), pathOf(jar), jar, reasons),
      );
      rmSync(staging, { recursive: true, force: true });
    });
  }
  if (missing.length > 0) {
    throw new StartError(
      [
        `${missing.length} of the ${lock.jars.length} jars of Kafka ${lock.kafka} could not be fetched, ${missing[0]?.coordinates ?? ''} among them:`,
        ...reasons,
        `Check the network and run the command again, copy the jars to ${folder}, or use a Kafka that runs already: KAFKA_BROKERS=host:port.`,
      ].join('\n'),
    );
  }
  return lock.jars.map(pathOf);
}

/** Moves a fetched jar into the cache, in one step, where it is what the lock says; false where it is not. */
async function adopt(fetched: string, path: string, jar: LockedJar, reasons: string[]): Promise<boolean> {
  if (statSync(fetched, { throwIfNoEntry: false }) === undefined) return false;
  if (!(await isIntact(fetched, jar))) {
    reasons.push(`  ${jar.coordinates} has another checksum than the project's lock file asks for`);
    return false;
  }
  renameSync(fetched, path);
  return true;
}

/** A jar that is missing or unreadable is fetched again. */
async function isIntact(path: string, { sha256 }: LockedJar): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  } catch {
    return false;
  }
  return hash.digest('hex') === sha256;
}

async function without<T>(items: readonly T[], isDone: (item: T) => Promise<boolean>): Promise<readonly T[]> {
  const left: T[] = [];
  for (let from = 0; from < items.length; from += CHECKS_AT_ONCE) {
    const slice = items.slice(from, from + CHECKS_AT_ONCE);
    const done = await Promise.all(slice.map(isDone));
    left.push(...slice.filter((_, index) => done[index] !== true));
  }
  return left;
}

/** A folder of this fetch alone, on the cache's file system, so that moving a jar out of it is one step. */
function makeStaging(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith(FETCH_PREFIX))) {
      const began = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - began > ABANDONED_AFTER_MS) rmSync(join(folder, name), { recursive: true, force: true });
    }
    return mkdtempSync(join(folder, FETCH_PREFIX));
  } catch (error) {
    throw new StartError(
      `The cache ${folder} cannot be written to (${error instanceof Error ? error.message : String(error)}). Set TIDINGS_CACHE_DIR to another directory.`,
    );
  }
}
