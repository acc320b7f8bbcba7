import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import { runProgram } from './program-run.js';

const OLDEST_JAVA = 17;

export interface Java {
  /** To be started: a path, or a name that the PATH leads to. */
  readonly command: string;
  readonly version: number;
  /** Where it lies, as it says itself. */
  readonly home: string | undefined;
}

/**
 * The Java that can run Kafka: the one below JAVA_HOME, or else the one on the PATH.
 *
 * @param javaHome the value of JAVA_HOME, where it is set
 * @throws {StartError} with the ways out when there is none, or none that is new enough
 */
export async function findJava(javaHome: string | undefined): Promise<Java> {
  const candidates = [...(javaHome === undefined ? [] : [join(javaHome, 'bin', 'java')]), 'java'];
  const tooOld: string[] = [];
  for (const command of candidates) {
    const text = await versionText(command);
    const version = majorVersion(text);
    if (version === undefined) continue;
    if (version >= OLDEST_JAVA) return { command, version, home: /^\s*java\.home = (.+?)\s*$/m.exec(text)?.[1] };
    tooOld.push(`${command} is Java ${version}`);
  }
  const found = tooOld.length === 0 ? 'no Java was found' : tooOld.join(', ');
  throw new StartError(
    [
      `Kafka needs Java ${OLDEST_JAVA} or newer, and ${found}. There are three ways:`,
      `  install Java ${OLDEST_JAVA}+ (on the PATH, or JAVA_HOME set), and run the command again;`,
      '  run everything in containers: docker compose --file deploy/compose.yaml up --build (its head says which variables it wants);',
      '  use a Kafka that runs already: KAFKA_BROKERS=host:port npm start.',
    ].join('\n'),
  );
}

/**
 * The number that counts out of `java -version`: 17 of "17.0.15", 8 of "1.8.0_402".
 *
 * @param text what the command printed
 */
export function majorVersion(text: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' && second !== undefined ? second : first);
}

/** What `java -version` prints, with its properties; empty where it cannot be run (macOS has a `java` that only says where to get one). */
async function versionText(command: string): Promise<string> {
  try {
    const { code, output } = await runProgram(command, ['-XshowSettings:properties', '-version']);
    return code === 0 ? output : '';
  } catch {
    return '';
  }
}
