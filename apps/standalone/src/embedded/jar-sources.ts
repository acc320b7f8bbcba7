import { createWriteStream, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import artifactUrl from 'mvn-artifact-url';
import { runProgram } from './program-run.js';

/** Where jars come from. */
export interface JarSource {
  readonly name: string;
  /**
   * Puts jars into a folder, each under {@link jarFileOf}. Checks nothing; what arrived in spite of an error may stay.
   *
   * @param coordinates group:artifact:version
   * @param say is given the progress
   * @param signal gives up
   */
  fetch(
    coordinates: readonly string[],
    folder: string,
    say: (detail: string) => void,
    signal?: AbortSignal,
  ): Promise<void>;
}

const MAVEN_MAY_TAKE_MS = 300_000;
const DOWNLOADS_AT_ONCE = 6;
const ATTEMPTS = 3;
/** For one jar; the largest has 20 MB. */
const DOWNLOAD_MAY_TAKE_MS = 180_000;

/** The file of a jar, as Maven names it. */
export function jarFileOf(coordinates: string): string {
  const { artifactId, version } = parseCoordinates(coordinates);
  return `${artifactId}-${version}.jar`;
}

/** The `mvn` of this machine, with its settings (a mirror, a proxy) and its own cache. */
export const mavenProgram: JarSource = {
  name: 'mvn',
  async fetch(coordinates, folder, say, signal) {
    const project = join(folder, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'pom.xml'), projectOf(coordinates));
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies';
    const arrived = setInterval(() => say(`${readdirSync(folder).length - 1} of ${coordinates.length} jars`), 500);
    try {
      await runMaven(['-B', '-q', goal, `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'], project, signal);
    } finally {
      clearInterval(arrived);
    }
  },
};

/**
 * The public repository, over HTTPS. Its address is the one that the package knows; the download itself is ours, since
 * that family's own one neither notices a body that breaks off nor gives up on one that stalls.
 */
export const mavenCentral: JarSource = {
  name: 'HTTPS',
  async fetch(coordinates, folder, say, signal) {
    const waiting = [...coordinates];
    let arrived = 0;
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await download(next, folder, signal);
        arrived += 1;
        say(`${arrived} of ${coordinates.length} jars`);
      }
    };
    // To the end of all of them: a download that goes on must not write into a folder that is gone.
    const ended = await Promise.allSettled(Array.from({ length: DOWNLOADS_AT_ONCE }, work));
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
};

function parseCoordinates(coordinates: string): { groupId: string; artifactId: string; version: string } {
  const [groupId = '', artifactId = '', version = ''] = coordinates.split(':');
  return { groupId, artifactId, version };
}

/** A project that asks for these jars and no others: what they need in their turn is in the lock already. */
function projectOf(coordinates: readonly string[]): string {
  const dependencies = coordinates
    .map(parseCoordinates)
    .map(
      ({ groupId, artifactId, version }) =>
        `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>` +
        '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>',
    );
  return (
    '<project><modelVersion>4.0.0</modelVersion><groupId>tidings</groupId><artifactId>kafka-jars</artifactId>' +
    `<version>1</version><dependencies>${dependencies.join('')}</dependencies></project>`
  );
}

async function runMaven(args: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
  const { code, output } = await runProgram('mvn', args, { cwd, signal, timeoutMs: MAVEN_MAY_TAKE_MS });
  if (code !== 0) throw new Error(firstError(output) ?? `it ended with ${code ?? 'a signal, after five minutes'}`);
}

function firstError(output: string): string | undefined {
  return /^\[ERROR\] (.+)$/m.exec(output)?.[1];
}

async function download(coordinates: string, folder: string, signal?: AbortSignal): Promise<void> {
  const url = await artifactUrl.default({ ...parseCoordinates(coordinates), extension: 'jar' });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const limits = [AbortSignal.timeout(DOWNLOAD_MAY_TAKE_MS), ...(signal === undefined ? [] : [signal])];
      const response = await fetch(url, { signal: AbortSignal.any(limits) });
      if (!response.ok || response.body === null) throw new Error(`the answer was ${response.status}`);
      await pipeline(Readable.fromWeb(response.body), createWriteStream(join(folder, jarFileOf(coordinates))));
      return;
    } catch (error) {
      if (attempt < ATTEMPTS && signal?.aborted !== true) continue;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Error(`${coordinates}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause: error });
    }
  }
}
