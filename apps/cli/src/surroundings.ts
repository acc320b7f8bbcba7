/** What the program finds around itself. */
export interface Surroundings {
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** Where a standalone of this machine keeps what is its own, its admin token among it. */
  readonly dataDirectory: string;
  readonly javaHome: string | undefined;
  /** Whether the brokers and the database of `up` are others', so that it needs no Java. */
  readonly hasOwnKafka: boolean;
  /** What is said of colours: forced, forbidden, or nothing. */
  readonly colours: 'always' | 'never' | undefined;
}

/** Reads the environment, once. An empty variable is as good as none. */
export function readSurroundings(): Surroundings {
  const { env } = process;
  const read = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    url: read('TIDINGS_URL'),
    token: read('TIDINGS_TOKEN'),
    dataDirectory: read('TIDINGS_DATA_DIR') ?? '.tidings',
    javaHome: read('JAVA_HOME'),
    hasOwnKafka: read('KAFKA_BROKERS') !== undefined,
    colours: coloursOf(read('NO_COLOR'), read('FORCE_COLOR'), read('TERM')),
  };
}

/** https://no-color.org: any value forbids. `FORCE_COLOR=0` forbids, too. */
function coloursOf(
  forbidden: string | undefined,
  forced: string | undefined,
  terminal: string | undefined,
): Surroundings['colours'] {
  if (forbidden !== undefined || forced === '0' || forced === 'false') return 'never';
  if (forced !== undefined) return 'always';
  return terminal === 'dumb' ? 'never' : undefined;
}

/** Sets variables for what is started in this process. */
export function setVariables(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
