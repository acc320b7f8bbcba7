import type { Pool, PoolClient } from 'pg';
import { isConnectionError } from './database-errors.js';

/**
 * What is done on a connection. Calling `discard` has it closed afterwards instead of given back: for what would go on
 * otherwise, such as a COPY whose rows nobody reads any more.
 */
export type ConnectionWork<T> = (client: PoolClient, discard: () => void) => Promise<T>;

/**
 * Lends the work a connection of the pool. One that broke meanwhile is closed; any other goes back, even where the work
 * failed.
 * @throws whatever the work or the database throws
 */
export async function withConnection<T>(pool: Pool, work: ConnectionWork<T>): Promise<T> {
  const client = await pool.connect();
  let isDiscarded = false;
  const discard = (): void => {
    isDiscarded = true;
  };
  // A connection that breaks fails its query and emits an error besides, which would end the process if nobody listened.
  client.on('error', discard);
  try {
    return await work(client, discard);
  } catch (error) {
    // The server says that it hangs up before it does.
    if (isConnectionError(error)) discard();
    throw error;
  } finally {
    client.release(isDiscarded);
    client.off('error', discard);
  }
}
