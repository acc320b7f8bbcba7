import type { Pool, PoolClient } from 'pg';
import { withConnection } from './with-connection.js';

/**
 * Runs `work` on a connection that holds the session's advisory lock of this name, so that no other process does the
 * same meanwhile. A session's lock, and not a transaction's: what takes long must not hold back the horizon of those who
 * follow the store, and an index that is made beside the writers cannot be made in a transaction.
 *
 * Work that fails closes the connection: the lock goes with it, and a cancellation that arrives late hits nothing else.
 * @param name of the lock, such as `tidings.events.announcements`
 * @returns false when another session holds the lock; the work was not begun
 * @throws whatever the work or the database throws
 */
export async function withSessionLock(
  pool: Pool,
  name: string,
  work: (client: PoolClient) => Promise<void>,
): Promise<boolean> {
  return withConnection(pool, async (client, discard) => {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [
      name,
    ]);
    if (rows[0]?.locked !== true) return false;
    const unlock = (): Promise<unknown> => client.query('SELECT pg_advisory_unlock(hashtext($1))', [name]);
    try {
      await work(client);
      await unlock();
      return true;
    } catch (error) {
      // The server ends a closed session when it gets to it; who tries the lock next should not have to wait for that.
      await unlock().catch(() => undefined);
      discard();
      throw error;
    }
  });
}
