import type { Pool, PoolClient } from 'pg';

/**
 * Runs the work in a transaction on a connection of its own: all of it counts, or nothing.
 * @throws whatever the work or the database throws
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks fails its query and emits an error besides, which would end the process if nobody listened.
  const heard = (): void => undefined;
  client.on('error', heard);
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query('ROLLBACK').catch(() => undefined);
    throw failure;
  } finally {
    // A connection that failed is not given back: it may be broken.
    client.release(failure);
    client.off('error', heard);
  }
}
