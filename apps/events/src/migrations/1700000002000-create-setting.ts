import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What all processes of an installation share and nobody configures: the key that page cursors are sealed with. */
export class CreateSetting1700000002000 implements MigrationInterface {
  readonly name = 'CreateSetting1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE events.setting (name text PRIMARY KEY, value bytea NOT NULL)');
    // Two random uuids are 244 random bits, without an extension of PostgreSQL.
    await runner.query(
      `INSERT INTO events.setting (name, value)
      VALUES ('cursor-key', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE events.setting');
  }
}
