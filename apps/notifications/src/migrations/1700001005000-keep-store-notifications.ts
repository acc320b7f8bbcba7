import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What IBM's clients say of a source comes back as they said it. */
export class KeepStoreNotifications1700001005000 implements MigrationInterface {
  readonly name = 'KeepStoreNotifications1700001005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE notifications.source ADD COLUMN store_notifications boolean NOT NULL DEFAULT false',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications.source DROP COLUMN store_notifications');
  }
}
