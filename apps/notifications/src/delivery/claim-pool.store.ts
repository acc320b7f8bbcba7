import { Pool, type PoolConfig } from 'pg';

/**
 * Connections of their own for claims. Two things differ there. The planner must take the index of what is due, whatever
 * it believes of a table that has just been filled: any other plan reads all that waits. And a claim need not survive a
 * crash of the database, after which nobody holds it any more: it does not wait for the disk.
 */
const SETTINGS = `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;
  SET enable_mergejoin = off; SET jit = off; SET synchronous_commit = off`;

/** @param like whose server, user and database are taken */
export function claimPool(like: Pool): Pool {
  const settings: PoolConfig = {
    ...like.options,
    // Hidden from whoever copies the rest.
    password: like.options.password,
    max: 2,
    // Queued before the first claim; a connection that breaks here fails that one too.
    onConnect: (client) => void client.query(SETTINGS).catch(() => undefined),
  };
  const pool = new Pool(settings);
  // A connection that breaks while it is idle is made anew by the next claim.
  pool.on('error', () => undefined);
  return pool;
}
