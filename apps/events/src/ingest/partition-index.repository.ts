import { Injectable } from '@nestjs/common';
import { escapeIdentifier, longStatement } from '@tidings/database';
import type { PoolClient } from 'pg';

interface MissingIndex {
  readonly parent: string;
  readonly partition: string;
  readonly name: string;
  /** From USING on. */
  readonly definition: string;
  readonly leftover: boolean;
  readonly made: boolean;
}

/**
 * Partitions that lack an index which the whole table has got: a migration makes it ON ONLY the table, which takes no
 * time, and it is of use as soon as each partition has its own.
 */
const MISSING = `
  SELECT parent_name.relname AS parent, part.relname AS partition, wanted.name,
    substring(pg_get_indexdef(parent.indexrelid) FROM ' USING .*$') AS definition,
    made.indexrelid IS NOT NULL AND NOT made.indisvalid AS leftover, coalesce(made.indisvalid, false) AS made
  FROM pg_index parent
  JOIN pg_class parent_name ON parent_name.oid = parent.indexrelid
  JOIN pg_inherits ON inhparent = parent.indrelid
  JOIN pg_class part ON part.oid = inhrelid
  CROSS JOIN LATERAL (SELECT left(part.relname || '_' || parent_name.relname, 63) AS name) AS wanted
  LEFT JOIN (pg_index made JOIN pg_class made_name ON made_name.oid = made.indexrelid)
    ON made.indrelid = part.oid AND made_name.relname = wanted.name
  WHERE parent.indrelid = 'events.event'::regclass AND NOT parent.indisvalid AND NOT EXISTS (
    SELECT FROM pg_inherits attached JOIN pg_index child ON child.indexrelid = attached.inhrelid
    WHERE attached.inhparent = parent.indexrelid AND child.indrelid = part.oid)
  ORDER BY parent_name.relname, part.relname DESC`;

/** Completes indexes of the whole table partition by partition, while others go on writing. */
@Injectable()
export class PartitionIndexRepository {
  /** @returns the names of those that were made */
  async complete(client: PoolClient): Promise<readonly string[]> {
    const { rows } = await client.query<MissingIndex>(MISSING);
    const names: string[] = [];
    for (const { parent, partition, name, definition, leftover, made } of rows) {
      const [index, table] = [escapeIdentifier(name), escapeIdentifier(partition)];
      if (leftover) await client.query(longStatement(`DROP INDEX CONCURRENTLY IF EXISTS events.${index}`));
      if (!made)
        await client.query(longStatement(`CREATE INDEX CONCURRENTLY ${index} ON events.${table}${definition}`));
      await client.query(`ALTER INDEX events.${escapeIdentifier(parent)} ATTACH PARTITION events.${index}`);
      names.push(name);
    }
    return names;
  }
}
