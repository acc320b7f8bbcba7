import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What text queries look through, and the order in which rows became visible, for whoever follows the store. */
export class AddSearchText1700000001000 implements MigrationInterface {
  readonly name = 'AddSearchText1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX events.event_by_transaction;
      ALTER TABLE events.event DROP COLUMN search_text;
    `);
  }
}

const STATEMENTS = [
  `ALTER TABLE events.event ADD COLUMN search_text text`,
  `COMMENT ON COLUMN events.event.search_text IS
    'the message, U+001F, the values of the context joined by spaces; lower case, both capped'`,

  // For what was stored before the ingest wrote it, approximately: the values of the whole payload, escapes as they stand
  // in the JSON text. By a pattern and not by json_each, which refuses \u0000 and lone surrogates.
  `UPDATE events.event SET search_text =
    lower(translate(left(message, 16000), U&'\\001F', ' ')) || U&'\\001F' ||
    lower(left(btrim(regexp_replace(
      regexp_replace(left(data::text, 16000), '"([^"\\\\]|\\\\.)*"\\s*:', ' ', 'g'), '[][{}",\\s]+', ' ', 'g')), 2000))
  WHERE search_text IS NULL`,

  // All rows of a batch share their transaction, so that its entries are folded into few: the smallest of the indexes.
  `CREATE INDEX event_by_transaction ON events.event (transaction)`,
];
