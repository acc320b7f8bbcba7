import type { QueryRunner } from 'typeorm';

/** An index of the whole table of events. */
export interface TableIndex {
  readonly name: string;
  /** Its columns, and which rows it has. */
  readonly definition: string;
}

/**
 * Makes an index without holding up those who write. Where there are events already it is made for no partition yet: the
 * keeper of the search indexes makes those one by one beside the writers, see `PartitionIndexRepository`.
 */
export async function createTableIndex(runner: QueryRunner, { name, definition }: TableIndex): Promise<void> {
  const [found] = (await runner.query('SELECT EXISTS (SELECT FROM events.event) AS filled')) as readonly [
    { readonly filled: boolean },
  ];
  await runner.query(`CREATE INDEX ${name} ON ${found.filled ? 'ONLY ' : ''}events.event ${definition}`);
}
