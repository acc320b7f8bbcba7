import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTableIndex, type TableIndex } from './table-index.js';

/** What text queries look through, and the order in which rows became visible, for whoever follows the store. */
export class AddSearchText1700000001000 implements MigrationInterface {
  readonly name = 'AddSearchText1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    for (const index of INDEXES) await createTableIndex(runner, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX events.event_by_transaction, events.event_without_search_text;
      ALTER TABLE events.event DROP COLUMN search_text;
    `);
  }
}

const STATEMENTS = [
  `ALTER TABLE events.event ADD COLUMN search_text text`,
  `COMMENT ON COLUMN events.event.search_text IS
    'the message, U+001F, the values of the context joined by spaces; lower case, both capped'`,
];

const INDEXES: readonly TableIndex[] = [
  // All rows of a batch share their transaction, so that its entries are folded into few: the smallest of the indexes.
  { name: 'event_by_transaction', definition: '(transaction)' },
  // What was stored before, or is meanwhile by an older process, is filled in behind the ingest: found by an index that
  // is empty otherwise.
  { name: 'event_without_search_text', definition: '(id) WHERE search_text IS NULL' },
];
