import {
  copyOut,
  createDataSource,
  inTransaction,
  isConnectionError,
  listen,
  longStatement,
  poolOf,
} from '@tidings/database';
import { to as copyTo } from 'pg-copy-streams';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { type SwallowingProxy, swallowingProxy } from '../harness/swallowing-proxy.js';
import { until } from '../harness/until.js';

/** Milliseconds. */
const DEADLINE = 500;

let database: FreshDatabase;
let proxy: SwallowingProxy;
let pool: Pool;
let close: () => Promise<void>;

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  proxy = await swallowingProxy(database.url);
  const dataSource = await createDataSource({
    url: proxy.url,
    applicationName: 'tidings-test',
    schema: 'app',
    migrations: [],
    poolSize: 2,
    statementDeadlineMs: DEADLINE,
  });
  pool = poolOf(dataSource);
  close = () => dataSource.destroy();
});

afterEach(async () => {
  await close();
  await proxy.close();
  await database.drop();
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a connection that is swallowed', () => {
  it('fails what is asked of it as a database that is away, and the next is asked over a new one', async () => {
    await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 1')]);
    proxy.swallow();
    const failures = await Promise.all([1, 2].map(() => failureOf(pool.query('SELECT 1'))));
    expect(failures.map(isConnectionError)).toEqual([true, true]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('ends a transaction that it has, without a further wait', async () => {
    const work = inTransaction(pool, async (client) => {
      proxy.swallow();
      await client.query('SELECT 1');
    });
    expect(isConnectionError(await failureOf(work))).toBe(true);
    expect(pool.totalCount).toBe(0);
  });

  it('is given up by who listens on it', async () => {
    let ended = 0;
    const stop = await listen(
      pool,
      'news',
      () => undefined,
      () => (ended += 1),
      { every: 50, deadline: 200 },
    );
    await until(() => pool.query('SELECT 1'));
    proxy.swallow();
    await until(() => ended === 1);
    await stop();
  });
});

it('a COPY that is read, and a statement that says so, may take longer', async () => {
  const slow = 'SELECT pg_sleep(0.4) FROM generate_series(1, 3)';
  const copied = await inTransaction(pool, async (client) => {
    const chunks = await copyOut(client, copyTo(`COPY (${slow}) TO STDOUT`)).toArray();
    return Buffer.concat(chunks as Buffer[]).toString();
  });
  expect(copied.split('\n')).toHaveLength(4);
  expect((await pool.query(longStatement(slow))).rowCount).toBe(3);
  expect(isConnectionError(await failureOf(pool.query(slow)))).toBe(true);
});
