/** SQL with its values, as the app sends it. */
export interface RecordedStatement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Where the app prepares it: what bare pg prepares, too. */
  readonly name?: string;
}

/** What one side of a comparison is asked to do, in a process of its own. */
export interface LoadOrder {
  readonly target: HttpTarget | SqlTarget;
  readonly inFlight: number;
  /** It ends with whichever comes first. */
  readonly calls: number;
  readonly seconds: number;
}

/** Each call asks for the next of the paths. */
export interface HttpTarget {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** Each call runs the next of the questions: its statements, one after the other, on one connection. */
export interface SqlTarget {
  readonly kind: 'sql';
  readonly databaseUrl: string;
  readonly connections: number;
  readonly questions: readonly (readonly RecordedStatement[])[];
}

/** How long the calls took. */
export interface LoadResult {
  /** Milliseconds. */
  readonly each: readonly number[];
  /** From the first to the end of the last, milliseconds. */
  readonly all: number;
  readonly failures: number;
  /** What the first failure said. */
  readonly failure?: string;
}
