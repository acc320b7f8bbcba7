import { finished, type Readable } from 'node:stream';
import type { PoolClient, QueryConfig, Submittable } from 'pg';
import { LONG_STATEMENT_DEADLINE_MS } from './connection-settings.js';

/** What a statement is given to the driver with, its own deadline included. */
type BoundedStatement = QueryConfig & { readonly query_timeout: number };

/** A statement that may take hours, such as the making of an index. */
export function longStatement(text: string, values: readonly unknown[] = []): BoundedStatement {
  return boundedStatement(text, values, LONG_STATEMENT_DEADLINE_MS);
}

/** A statement with a deadline of its own, milliseconds. */
export function boundedStatement(text: string, values: readonly unknown[], deadlineMs: number): BoundedStatement {
  return { text, values: [...values], query_timeout: deadlineMs };
}

/** A COPY … TO STDOUT, as `pg-copy-streams` makes it. */
type CopyOut = Readable & Submittable;

/** Starts a COPY that is read for as long as it takes. */
export function copyOut<Copy extends CopyOut>(client: PoolClient, copy: Copy): Copy {
  const timed: Copy & { query_timeout?: number; callback?: () => void } = copy;
  timed.query_timeout = LONG_STATEMENT_DEADLINE_MS;
  client.query(timed);
  // In its callback the driver takes the deadline back; a COPY does not call it.
  finished(copy, { writable: false }, () => timed.callback?.());
  return copy;
}
