import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose a dead letter is, what of it could not be kept, and whether its kafkaTopic has been told of it. */
export class ExtendDeadLetters1700000005000 implements MigrationInterface {
  readonly name = 'ExtendDeadLetters1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE events.dead_letter DROP COLUMN announced, DROP COLUMN omitted, DROP COLUMN system, DROP COLUMN site',
    );
  }
}

const STATEMENTS = [
  // An older process beside this one announces its letters itself, and says nothing of it.
  `ALTER TABLE events.dead_letter
    ADD COLUMN announced boolean NOT NULL DEFAULT true,
    ADD COLUMN omitted text[],
    ADD COLUMN system text,
    ADD COLUMN site text`,
  `COMMENT ON COLUMN events.dead_letter.system IS 'of its kafkaTopic; null is for those who may see everything'`,
  `COMMENT ON COLUMN events.dead_letter.site IS 'null is for those who may see all of the system'`,
  `COMMENT ON COLUMN events.dead_letter.omitted IS 'parts of the message that are not kept'`,
  `CREATE INDEX dead_letter_unannounced ON events.dead_letter (id) WHERE NOT announced`,
];
