import type { Pool } from 'pg';
import { isConnectionError } from './database-errors.js';
import { type ConnectionWork, withConnection } from './with-connection.js';

export interface TransactionOptions<T> {
  /** Instead of a bare `BEGIN`; may hold further statements behind it. */
  readonly begin?: string;
  /** Instead of a bare `COMMIT`; may hold further statements before it. */
  readonly commit?: (result: T) => string;
}

/**
 * Runs the work in a transaction on a connection of its own: all of it counts, or nothing. After a failure it is rolled
 * back; where even that fails, or the work discarded the connection, the connection is closed.
 * @throws whatever the work or the database throws
 */
export async function inTransaction<T>(
  pool: Pool,
  work: ConnectionWork<T>,
  { begin = 'BEGIN', commit = () => 'COMMIT' }: TransactionOptions<T> = {},
): Promise<T> {
  return withConnection(pool, async (client, discard) => {
    let isDiscarded = false;
    const close = (): void => {
      isDiscarded = true;
      discard();
    };
    try {
      await client.query(begin);
      const result = await work(client, close);
      await client.query(commit(result));
      return result;
    } catch (error) {
      // A connection that answers no more would not answer this, either.
      if (isConnectionError(error)) close();
      else if (!isDiscarded) await client.query('ROLLBACK').catch(close);
      throw error;
    }
  });
}
