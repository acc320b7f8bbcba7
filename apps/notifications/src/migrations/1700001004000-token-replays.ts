import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The fencing token of a replay's lease: whoever goes on with it must still hold it. */
export class TokenReplays1700001004000 implements MigrationInterface {
  readonly name = 'TokenReplays1700001004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications.replay ADD COLUMN lease_token uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications.replay DROP COLUMN lease_token');
  }
}
