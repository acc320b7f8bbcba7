/** How a check came out: `warn` is for what is needed only sometimes. */
export type FindingState = 'ok' | 'warn' | 'fail';

/** What a check has found. */
export interface Finding {
  readonly state: FindingState;
  /** What was looked at, in a word or two. */
  readonly what: string;
  readonly found: string;
  /** What to do. */
  readonly fix?: string;
}
