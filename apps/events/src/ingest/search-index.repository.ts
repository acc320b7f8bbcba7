import { Injectable } from '@nestjs/common';
import { longStatement, withSessionLock } from '@tidings/database';
import { Pool, type PoolClient } from 'pg';

/** A partition that has no index of its search text yet, or one whose making was cut off. */
export interface UnindexedPartition {
  readonly table: string;
  readonly leftover: boolean;
}

/** The connection on which no other process does the same. */
export type SearchConnection = PoolClient;

const LOCK = 'tidings.events.search-indexes';

/** A trigram index has the name of its partition and this. */
const SUFFIX = '_search';

/** Makes the indexes of the text that is searched. */
@Injectable()
export class SearchIndexRepository {
  private workingPid: number | undefined;

  constructor(private readonly pool: Pool) {}

  /**
   * Runs the work while no other process does the same.
   * @returns false when another one does
   */
  async alone(work: (client: PoolClient) => Promise<void>): Promise<boolean> {
    return withSessionLock(this.pool, LOCK, async (client) => {
      // One processor at most: the others are the ingest's.
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pg_backend_pid() AS pid, set_config('max_parallel_maintenance_workers', '0', false)`,
      );
      this.workingPid = rows[0]?.pid;
      try {
        await work(client);
      } finally {
        this.workingPid = undefined;
      }
    });
  }

  /** Breaks off what is under way; whoever makes the index next makes it anew. */
  async interrupt(): Promise<void> {
    if (this.workingPid === undefined) return;
    await this.pool.query('SELECT pg_cancel_backend($1)', [this.workingPid]).catch(() => undefined);
  }

  /** Which of the partitions have a usable index of their own. */
  async indexed(client: PoolClient, tables: readonly string[]): Promise<readonly string[]> {
    const { rows } = await client.query<{ table: string }>(
      `SELECT part.relname AS table FROM pg_class part
      JOIN pg_index made ON made.indrelid = part.oid AND made.indisvalid
      JOIN pg_class named ON named.oid = made.indexrelid AND named.relname = part.relname || '${SUFFIX}'
      WHERE part.relnamespace = 'events'::regnamespace AND part.relname = ANY($1::text[])`,
      [tables],
    );
    return rows.map(({ table }) => table);
  }

  /** Which of the partitions have at least so many rows, by the planner's count, and no usable index. */
  async unindexed(
    client: PoolClient,
    tables: readonly string[],
    fewest: number,
  ): Promise<readonly UnindexedPartition[]> {
    const { rows } = await client.query<UnindexedPartition>(
      `SELECT part.relname AS table, made.indexrelid IS NOT NULL AS leftover
      FROM pg_class part
      LEFT JOIN (pg_index made JOIN pg_class named ON named.oid = made.indexrelid)
        ON made.indrelid = part.oid AND named.relname = part.relname || '${SUFFIX}'
      WHERE part.relnamespace = 'events'::regnamespace AND part.relname = ANY($1::text[]) AND part.reltuples >= $2
        AND made.indisvalid IS NOT TRUE
      ORDER BY part.relname DESC`,
      [tables, fewest],
    );
    return rows;
  }

  /** @param table the name of a partition, as the database has it; made while others go on writing */
  async make(client: PoolClient, { table, leftover }: UnindexedPartition): Promise<void> {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    if (leftover) await client.query(longStatement(`DROP INDEX CONCURRENTLY IF EXISTS events.${table}${SUFFIX}`));
    await client.query(
      longStatement(
        `CREATE INDEX CONCURRENTLY ${table}${SUFFIX} ON events.${table} USING gin (search_text gin_trgm_ops)`,
      ),
    );
  }
}
