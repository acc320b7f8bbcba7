import { inTransaction, withConnection } from '@tidings/database';
import { Pool, type PoolClient } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { until } from '../harness/until.js';

let database: FreshDatabase;
let pool: Pool;
/** Whoever ends the others. */
let killer: Pool;

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  // One connection: whatever happens to it is seen by the next query.
  pool = new Pool({ connectionString: database.url, max: 1 });
  pool.on('error', () => undefined);
  killer = new Pool({ connectionString: database.url, max: 1 });
  await killer.query('CREATE TABLE note (text text NOT NULL)');
});

afterEach(async () => {
  await pool.end();
  await killer.end();
  await database.drop();
});

const pidOf = async (client: Pick<PoolClient, 'query'>): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
};
const nextPid = (): Promise<number> => withConnection(pool, pidOf);
const notes = async (): Promise<readonly string[]> =>
  (await killer.query<{ text: string }>('SELECT text FROM note ORDER BY text')).rows.map(({ text }) => text);

async function kill(pid: number): Promise<void> {
  await killer.query('SELECT pg_terminate_backend($1)', [pid]);
  await until(async () => (await killer.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 0, {
    what: 'the backend to end',
  });
}

test('a transaction is kept whole, with what it says before it commits', async () => {
  const commit = (count: number): string => `INSERT INTO note VALUES ('${count} notes'); COMMIT`;
  const work = async (client: PoolClient): Promise<number> => {
    await client.query(`INSERT INTO note VALUES ('a')`);
    return 1;
  };
  expect(await inTransaction(pool, work, { commit })).toBe(1);
  expect(await notes()).toEqual(['1 notes', 'a']);
});

test('a transaction that may only read is refused what it writes', async () => {
  const work = (client: PoolClient): Promise<unknown> => client.query(`INSERT INTO note VALUES ('a')`);
  await expect(inTransaction(pool, work, { begin: 'BEGIN READ ONLY' })).rejects.toThrow('read-only transaction');
});

test('what fails by itself leaves nothing behind and keeps its connection', async () => {
  const failure = new Error('not allowed');
  let pid = 0;
  const work = async (client: PoolClient): Promise<void> => {
    pid = await pidOf(client);
    await client.query(`INSERT INTO note VALUES ('a')`);
    throw failure;
  };
  await expect(inTransaction(pool, work)).rejects.toBe(failure);
  expect(await notes()).toEqual([]);
  expect(await nextPid()).toBe(pid);
  await expect(inTransaction(pool, (client) => client.query('SELECT nonsense'))).rejects.toThrow('nonsense');
  expect(await nextPid()).toBe(pid);
});

test.each([
  [
    'while it is lent and idle',
    async (client: PoolClient, pid: number) => kill(pid).then(() => client.query('SELECT 1')),
  ],
  [
    'in the middle of a query',
    async (client: PoolClient, pid: number) => {
      const sleeping = client.query('SELECT pg_sleep(60)');
      // A handler before anything is awaited, or the test would take it for an unheard failure.
      sleeping.catch(() => undefined);
      await until(
        async () =>
          (await killer.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'`, [pid]))
            .rowCount === 1,
        { what: 'the query to sleep' },
      );
      await kill(pid);
      return sleeping;
    },
  ],
] as const)('a connection that is ended %s is replaced', async (_, work) => {
  for (const run of [inTransaction, withConnection]) {
    let pid = 0;
    const broken = run(pool, async (client) => {
      pid = await pidOf(client);
      await work(client, pid);
    });
    await expect(broken).rejects.toThrow(/terminat|connection error/);
    expect(await nextPid()).not.toBe(pid);
    expect(pool.totalCount).toBe(1);
  }
});

test('a connection that breaks after its work is not lent again', async () => {
  let pid = 0;
  await withConnection(pool, async (client) => {
    pid = await pidOf(client);
    await kill(pid);
    await until(() => !isQueryable(client), { what: 'the end to be heard' });
  });
  expect(await nextPid()).not.toBe(pid);
});

test('a discarded connection is closed, without waiting for what goes on in it', async () => {
  let pid = 0;
  const work = async (client: PoolClient, discard: () => void): Promise<void> => {
    pid = await pidOf(client);
    client.query('SELECT pg_sleep(60)').catch(() => undefined);
    discard();
    return Promise.reject(new Error('nobody reads it any more'));
  };
  await expect(inTransaction(pool, work)).rejects.toThrow('nobody reads it');
  expect(await nextPid()).not.toBe(pid);
});

/** As pg itself sees it. */
function isQueryable(client: PoolClient): boolean {
  return !('_queryable' in client) || client._queryable === true;
}
