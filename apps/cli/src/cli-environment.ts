import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the program reads from the environment and the working directory. */
export interface CliEnvironment {
  readonly url: string | undefined;
  readonly token: string | undefined;
  /**
   * Where the server of this checkout keeps its URL and its admin token: TIDINGS_DATA_DIR, or the nearest `.tidings` from
   * the working directory upwards. Undefined where there is none.
   */
  readonly dataDirectory: string | undefined;
  readonly javaHome: string | undefined;
  /** Whether KAFKA_BROKERS is set, so that `tidings up` needs no Java. */
  readonly hasOwnKafka: boolean;
  /** Colours are forced, forbidden, or left to the terminal. */
  readonly colours: 'always' | 'never' | undefined;
}

const DATA_DIRECTORY = '.tidings';

/** Reads the environment, once. An empty variable counts as absent. */
export function readCliEnvironment(): CliEnvironment {
  const { env } = process;
  const read = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    url: read('TIDINGS_URL'),
    token: read('TIDINGS_TOKEN'),
    dataDirectory: read('TIDINGS_DATA_DIR') ?? nearestDataDirectory(process.cwd()),
    javaHome: read('JAVA_HOME'),
    hasOwnKafka: read('KAFKA_BROKERS') !== undefined,
    colours: coloursOf(read('NO_COLOR'), read('FORCE_COLOR'), read('TERM')),
  };
}

/**
 * Looks for a data directory in a folder and those above it, as git looks for `.git`. One that belongs to another user is
 * passed over: it could send our events, and our token, to that user's server.
 */
export function nearestDataDirectory(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, DATA_DIRECTORY);
    const found = statSync(candidate, { throwIfNoEntry: false });
    if (found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** https://no-color.org: any value forbids. `FORCE_COLOR=0` forbids, too. */
function coloursOf(
  forbidden: string | undefined,
  forced: string | undefined,
  terminal: string | undefined,
): CliEnvironment['colours'] {
  if (forbidden !== undefined || forced === '0' || forced === 'false') return 'never';
  if (forced !== undefined) return 'always';
  return terminal === 'dumb' ? 'never' : undefined;
}

/** Sets variables for what is started in this process. */
export function setVariables(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
