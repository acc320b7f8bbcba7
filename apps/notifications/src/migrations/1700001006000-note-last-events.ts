import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the last event of a source came: to the second, and not only to the hour that it is counted in. */
export class NoteLastEvents1700001006000 implements MigrationInterface {
  readonly name = 'NoteLastEvents1700001006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications.source_count ADD COLUMN last_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications.source_count DROP COLUMN last_at');
  }
}
