import { Pool, type PoolConfig } from 'pg';

/**
 * The planner must take the index of what is due, whatever it believes of a table that has just been filled: any other
 * plan reads all that waits. And a claim need not survive a crash of the database, after which nobody holds it any more:
 * it does not wait for the disk.
 */
const CLAIMING = `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;
  SET enable_mergejoin = off; SET jit = off; SET synchronous_commit = off`;

/** Planned once, for a batch of any size: looking rows up by their ids is right for all of them. */
const COMPLETING = `SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off`;

/** Connections of their own for claims. @param like whose server, user and database are taken */
export function claimPool(like: Pool): Pool {
  return poolLike(like, CLAIMING);
}

/** Connections of their own for outcomes: they never wait for whoever lists deliveries. */
export function completionPool(like: Pool): Pool {
  return poolLike(like, COMPLETING);
}

function poolLike(like: Pool, settings: string): Pool {
  const config: PoolConfig = {
    ...like.options,
    // Hidden from whoever copies the rest.
    password: like.options.password,
    max: 2,
    // Queued before the first statement; a connection that breaks here fails that one too.
    onConnect: (client) => void client.query(settings).catch(() => undefined),
  };
  const pool = new Pool(config);
  // A connection that breaks while it is idle is made anew by the next statement.
  pool.on('error', () => undefined);
  return pool;
}
