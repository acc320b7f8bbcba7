import { Injectable } from '@nestjs/common';
import { firstUuidAt, hyphenated } from '@tidings/catalogue';
import { escapeLiteral, longStatement } from '@tidings/database';
import type { PoolClient } from 'pg';
import { monthsAfter, startOf, type MonthPartition } from './partition.repository.js';
import type { ChunkToMake, SearchChunk, Tail } from './search-chunks.js';

/** Between the name of the partition and the number of the index. */
const INFIX = '_search_';
const UUID = /'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/g;

interface ChunkRow {
  readonly name: string;
  readonly predicate: string | null;
  readonly rows: string | null;
  readonly valid: boolean;
}

/** Makes and drops indexes of parts of a month; on the connection that holds the lock of {@link SearchIndexRepository}. */
@Injectable()
export class SearchChunkRepository {
  /** All of a partition's, also those whose making was cut off. */
  async list(client: PoolClient, table: string): Promise<readonly SearchChunk[]> {
    const { rows } = await client.query<ChunkRow>(
      `SELECT named.relname AS name, pg_get_expr(made.indpred, made.indrelid) AS predicate, made.indisvalid AS valid,
        obj_description(made.indexrelid, 'pg_class') AS rows
      FROM pg_index made JOIN pg_class named ON named.oid = made.indexrelid
      WHERE made.indrelid = to_regclass('events.' || $1) AND starts_with(named.relname, $1 || '${INFIX}')`,
      [table],
    );
    return rows.map(({ name, predicate, valid, rows: noted }) => {
      const [from, to] = [...(predicate ?? '').matchAll(UUID)].map(([, id]) => id);
      const isWhole = from !== undefined && to !== undefined;
      return { name, from: from ?? '', to: to ?? '', rows: Number(noted ?? 0), isValid: valid && isWhole };
    });
  }

  /**
   * What of a partition lies behind its last index.
   * @param from the first id behind it
   * @param end before which id; what a wrong clock dates into the future is left out
   * @param newest how many rows are left out, because those that are a little late still come in between them
   */
  async tail(client: PoolClient, table: string, from: string, end: string, newest: number): Promise<Tail> {
    const { rows } = await client.query<{ rows: number; to: string | null }>(
      `SELECT (SELECT count(*)::integer FROM events.${table} WHERE id >= $1 AND id < last.id) AS rows, last.id AS to
      FROM (SELECT (SELECT id FROM events.${table} WHERE id >= $1 AND id < $2 ORDER BY id DESC OFFSET $3 LIMIT 1)) AS last (id)`,
      [from, end, newest],
    );
    return { rows: rows[0]?.rows ?? 0, to: rows[0]?.to ?? from };
  }

  /** Makes an index while others go on writing, and drops those that it takes the place of. */
  async make(client: PoolClient, table: string, chunk: ChunkToMake): Promise<void> {
    const taken = (await this.list(client, table)).map(({ name }) => Number(name.slice(table.length + INFIX.length)));
    const name = `${table}${INFIX}${Math.max(0, ...taken) + 1}`;
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await client.query(
      longStatement(
        `CREATE INDEX CONCURRENTLY ${name} ON events.${table} USING gin (search_text gin_trgm_ops)
        WHERE id >= ${escapeLiteral(chunk.from)} AND id < ${escapeLiteral(chunk.to)}`,
      ),
    );
    await client.query(`COMMENT ON INDEX events.${name} IS '${chunk.rows}'`);
    await this.drop(client, chunk.replaces);
  }

  async drop(client: PoolClient, names: readonly string[]): Promise<void> {
    for (const name of names) await client.query(longStatement(`DROP INDEX CONCURRENTLY IF EXISTS events.${name}`));
  }
}

/** The ids of a partition. */
export function idsOf(month: MonthPartition): { readonly from: string; readonly to: string } {
  return {
    from: hyphenated(firstUuidAt(startOf(month))),
    to: hyphenated(firstUuidAt(startOf(monthsAfter(month, 1)))),
  };
}
