import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { clientConfig, CONNECT_TIMEOUT_MS, type ConnectionSettings, LIVENESS } from './connection-settings.js';

const PAUSE_MS = 200;
/** The first half of the lock's key; the second is the hash of the schema's name. */
const LOCK_SPACE = 7_414_932;

/**
 * Runs `work` while no other process does the same for the same schema of the same database.
 *
 * The lock belongs to a connection of its own, so it goes when the process dies. Waiters ask again and again instead of
 * blocking: a statement that waits holds a snapshot, and `CREATE INDEX CONCURRENTLY` in the migrating process would wait
 * for that snapshot, and so for ever.
 */
export async function withMigrationLock<T>(
  settings: ConnectionSettings,
  schema: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ ...clientConfig(settings), ...LIVENESS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let told = false;
    while (!(await tryLock(client, schema))) {
      if (!told) new Logger('Database').log(`Another process migrates the schema ${schema}; waiting for it`);
      told = true;
      await wait(PAUSE_MS);
    }
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function tryLock(client: Client, schema: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1::int, hashtext($2)) AS locked',
    [LOCK_SPACE, schema],
  );
  return rows[0]?.locked === true;
}
